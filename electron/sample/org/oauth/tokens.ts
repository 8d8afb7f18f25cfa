import { createHash, randomBytes } from 'node:crypto';
import { OrgRefusal } from '../org-refusal.ts';
import type { OrgStore, OrgUser } from '../org-store.ts';

export interface Grant {
  accessToken: string;
  refreshToken?: string;
  user: OrgUser;
  scope: string;
}

interface AuthorizationCode {
  clientId: string;
  redirectUri: string;
  challenge: string | null;
  userId: string;
  scope: string;
  expiresAt: number;
}

/** Signs users in and out, and knows whose a token is. */
export interface Tokens {
  signIn: (user: OrgUser, options: { clientId: string; scope: string; refreshable: boolean }) => Grant;
  makeCode: (code: Omit<AuthorizationCode, 'expiresAt'>) => string;
  redeemCode: (code: string, given: { clientId: string; redirectUri: string; verifier: string | null }) => Grant;
  refresh: (refreshToken: string, clientId: string) => Grant;
  userOf: (accessToken: string) => OrgUser | undefined;
  revoke: (token: string) => void;
  expireAll: () => void;
  revokeAll: () => void;
}

const codeLifetimeMs = 15 * 60_000;
const grantsPerUserAndClient = 5;

const invalidGrant = (description: string): OrgRefusal => new OrgRefusal(400, 'invalid_grant', description);
const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

function checkVerifier(challenge: string, verifier: string | null): void {
  if (verifier === null) throw invalidGrant('code verifier is required');
  if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier)) throw invalidGrant('invalid code verifier: 43 to 128 unreserved characters expected');
  if (createHash('sha256').update(verifier).digest('base64url') !== challenge) throw invalidGrant('invalid code verifier');
}

/**
 * Makes the org's token keeper over its store, so that tokens outlive the server process.
 *
 * Shape:  with rotation a refresh token works once; its second use revokes the whole family. A user has at most five live refreshable
 *         grants per client, the oldest is revoked.
 * Errors: `invalid_grant` refusals as Salesforce's token endpoint words them.
 */
export function createTokens(store: OrgStore, options: { accessTokenLifetimeMs: number | null; rotate: boolean }): Tokens {
  const codes = new Map<string, AuthorizationCode>();
  const { prepare, clock } = store;

  const issue = (user: OrgUser, family: string, scope: string): string => {
    const token = `${store.orgId.slice(0, 15)}!${random(48)}`;
    const expiresAt = options.accessTokenLifetimeMs === null ? null : clock() + options.accessTokenLifetimeMs;
    prepare('INSERT INTO access_token VALUES (?, ?, ?, ?, ?)').run(token, family, user.id, scope, expiresAt);
    return token;
  };
  const issueRefresh = (user: OrgUser, family: string, scope: string, clientId: string): string => {
    const token = `5Aep${random(48)}`;
    prepare('INSERT INTO refresh_token (token, family, client_id, user_id, scope, issued_at) VALUES (?, ?, ?, ?, ?, ?)').run(
      token,
      family,
      clientId,
      user.id,
      scope,
      clock(),
    );
    return token;
  };
  const revokeFamily = (family: string): void => {
    prepare('DELETE FROM refresh_token WHERE family = ?').run(family);
    prepare('DELETE FROM access_token WHERE family = ?').run(family);
  };
  const revokeOldest = (userId: string, clientId: string): void => {
    const families = prepare(
      'SELECT family FROM refresh_token WHERE user_id = ? AND client_id = ? GROUP BY family ORDER BY MIN(issued_at) DESC, family LIMIT -1 OFFSET ?',
    ).all(userId, clientId, grantsPerUserAndClient) as { family: string }[];
    families.forEach((row) => revokeFamily(row.family));
  };

  const signIn: Tokens['signIn'] = (user, { clientId, scope, refreshable }) => {
    const family = random(12);
    const accessToken = issue(user, family, scope);
    if (!refreshable) return { accessToken, user, scope };
    const refreshToken = issueRefresh(user, family, scope, clientId);
    revokeOldest(user.id, clientId);
    return { accessToken, refreshToken, user, scope };
  };

  return {
    signIn,
    makeCode: (code) => {
      const text = `aPrx${random(32)}`;
      codes.set(text, { ...code, expiresAt: clock() + codeLifetimeMs });
      return text;
    },
    redeemCode: (text, given) => {
      const code = codes.get(text);
      codes.delete(text);
      if (!code || code.expiresAt < clock()) throw invalidGrant('expired authorization code');
      if (code.clientId !== given.clientId) throw new OrgRefusal(400, 'invalid_client_id', 'client identifier invalid');
      if (code.redirectUri !== given.redirectUri) {
        throw new OrgRefusal(400, 'redirect_uri_mismatch', 'redirect_uri must match configuration');
      }
      if (code.challenge !== null) checkVerifier(code.challenge, given.verifier);
      const user = store.userById(code.userId);
      if (!user) throw invalidGrant('user no longer exists');
      return signIn(user, { clientId: code.clientId, scope: code.scope, refreshable: true });
    },
    refresh: (refreshToken, clientId) => {
      const row = prepare('SELECT * FROM refresh_token WHERE token = ?').get(refreshToken) as
        | { family: string; client_id: string; user_id: string; scope: string; used: number }
        | undefined;
      const user = row && store.userById(row.user_id);
      if (!row || !user || row.client_id !== clientId) throw invalidGrant('expired access/refresh token');
      if (row.used === 1) {
        revokeFamily(row.family);
        throw invalidGrant('expired access/refresh token');
      }
      const accessToken = issue(user, row.family, row.scope);
      if (!options.rotate) return { accessToken, user, scope: row.scope };
      prepare('UPDATE refresh_token SET used = 1 WHERE token = ?').run(refreshToken);
      return { accessToken, refreshToken: issueRefresh(user, row.family, row.scope, clientId), user, scope: row.scope };
    },
    userOf: (accessToken) => {
      const row = prepare('SELECT user_id, expires_at FROM access_token WHERE token = ?').get(accessToken) as
        | { user_id: string; expires_at: number | null }
        | undefined;
      if (!row || (row.expires_at !== null && row.expires_at <= clock())) return undefined;
      return store.userById(row.user_id);
    },
    revoke: (token) => {
      const row = (prepare('SELECT family FROM refresh_token WHERE token = ?').get(token) ??
        prepare('SELECT family FROM access_token WHERE token = ?').get(token)) as { family: string } | undefined;
      if (!row) throw new OrgRefusal(400, 'unsupported_token_type', 'this token type is not supported');
      revokeFamily(row.family);
    },
    expireAll: () => {
      prepare('DELETE FROM access_token').run();
    },
    revokeAll: () => {
      prepare('DELETE FROM access_token').run();
      prepare('DELETE FROM refresh_token').run();
    },
  };
}
