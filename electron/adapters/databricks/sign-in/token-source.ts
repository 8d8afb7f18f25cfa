import { AppFailure } from '../../../core/app-failure.ts';
import type { Secrets } from '../../../core/warehouse-ports.ts';
import type { SignIn } from '../../../../shared/domain/warehouse.ts';
import type { SqlAddress } from '../sql-session.ts';
import { requestToken, type TokenGrant } from './token-endpoint.ts';

export interface TokenSourceOptions {
  address: SqlAddress;
  env: Readonly<Record<string, string | undefined>>;
  secrets: Secrets;
  /** The client that people sign in with; null where none is registered. */
  oauthClient: string | null;
}

/** Where bearer tokens come from, and what is known of them. */
export interface TokenSource {
  /** A token that is valid now. Errors: `not-signed-in` when there is none, or none but the refused one. */
  token(refused: string | null, signal: AbortSignal): Promise<string>;
  state(): Promise<SignIn>;
  /** Takes over what a person's sign-in has granted, in place of a stored token. */
  keep(grant: TokenGrant): Promise<void>;
  /** Stores a personal token in place of a person's sign-in; null forgets both. */
  storeToken(token: string | null): Promise<void>;
}

const tokenName = 'databricks.token';
const refreshName = 'databricks.refresh-token';
/** A token is not used in its last minutes, so that none expires on its way. */
const marginMs = 120_000;
const defaultLifeMs = 3_600_000;

/**
 * Finds a way to sign in: a personal token or a service principal from the environment, else what a person has stored.
 *
 * Shape:  one request for a new token at a time, whoever waits. A rotated refresh token is stored before its access token is used.
 */
export function tokenSource({ address, env, secrets, oauthClient }: TokenSourceOptions): TokenSource {
  let current: { token: string; untilMs: number } | null = null;
  let renewing: Promise<string> | null = null;

  const fromEnvironment = { token: env['DATABRICKS_TOKEN'] || null, clientId: env['DATABRICKS_CLIENT_ID'] || null, clientSecret: env['DATABRICKS_CLIENT_SECRET'] || null };
  const stored = async () => ({ token: await secrets.get(tokenName), refreshToken: await secrets.get(refreshName) });

  const remember = ({ accessToken, expiresInMs }: TokenGrant): string => {
    current = { token: accessToken, untilMs: performance.now() + Math.max(0, (expiresInMs ?? defaultLifeMs) - marginMs) };
    return accessToken;
  };
  const renewed = async (grant: TokenGrant): Promise<string> => {
    if (grant.refreshToken !== null) await secrets.set(refreshName, grant.refreshToken);
    return remember(grant);
  };
  const renew = async (signal: AbortSignal): Promise<string> => {
    const { clientId, clientSecret } = fromEnvironment;
    if (clientId !== null && clientSecret !== null) {
      return remember(await requestToken(address, { grant_type: 'client_credentials', scope: 'all-apis' }, { id: clientId, secret: clientSecret }, signal));
    }
    const { refreshToken } = await stored();
    if (refreshToken === null || oauthClient === null) throw notSignedIn(address.host);
    return renewed(await requestToken(address, { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: oauthClient }, null, signal));
  };

  return {
    async token(refused, signal) {
      if (fromEnvironment.token !== null) return fromEnvironment.token;
      if (fromEnvironment.clientSecret === null) {
        const { token } = await stored();
        if (token !== null) return token;
      }
      if (current !== null && current.token !== refused && performance.now() < current.untilMs) return current.token;
      current = null;
      renewing ??= renew(signal).finally(() => {
        renewing = null;
      });
      return renewing;
    },
    async state() {
      const isEnvironment = fromEnvironment.token !== null || (fromEnvironment.clientId !== null && fromEnvironment.clientSecret !== null);
      const { token, refreshToken } = await stored();
      const isKept = token !== null || refreshToken !== null;
      const isSignedIn = refreshToken !== null || current !== null;
      const method = isEnvironment ? (fromEnvironment.token === null ? 'oauth-m2m' : 'token') : token !== null ? 'token' : isSignedIn ? 'oauth-u2m' : 'none';
      return {
        method,
        kept: isEnvironment ? 'environment' : isKept && secrets.isLasting ? 'keystore' : isKept || isSignedIn ? 'session' : null,
        canSignIn: !isEnvironment && oauthClient !== null,
        canStoreToken: !isEnvironment,
      };
    },
    async keep(grant) {
      await secrets.set(tokenName, null);
      if (grant.refreshToken === null) await secrets.set(refreshName, null);
      await renewed(grant);
    },
    async storeToken(token) {
      current = null;
      await secrets.set(refreshName, null);
      await secrets.set(tokenName, token);
    },
  };
}

function notSignedIn(host: string): AppFailure {
  return new AppFailure(
    'not-signed-in',
    `Nobody is signed in to Databricks (${host}). Sign in or store a token under Settings, or set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID with DATABRICKS_CLIENT_SECRET.`,
    { host },
  );
}
