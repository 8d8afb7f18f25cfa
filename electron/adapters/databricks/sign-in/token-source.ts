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
/** A token is not used in its last minutes, so that none expires on its way; of a short life in its second half. */
const marginMs = 120_000;
const defaultLifeMs = 3_600_000;

/**
 * Finds a way to sign in: a personal token or a service principal from the environment, else what a person has stored.
 *
 * Shape:  one request for a new token at a time, whoever waits. A rotated refresh token is stored before its access token is
 *         used. What is kept or forgotten while a request is under way counts; what the request brings is dropped then.
 */
export function tokenSource({ address, env, secrets, oauthClient }: TokenSourceOptions): TokenSource {
  const clientId = env['DATABRICKS_CLIENT_ID'] || null;
  const clientSecret = env['DATABRICKS_CLIENT_SECRET'] || null;
  const principal = clientId !== null && clientSecret !== null ? { id: clientId, secret: clientSecret } : null;
  const environmentToken = env['DATABRICKS_TOKEN'] || null;
  const isEnvironment = environmentToken !== null || principal !== null;

  /** What was read from the keystore once; asked for at every call of the driver. */
  let kept: { token: string | null; refreshToken: string | null } | null = null;
  let current: { token: string; untilMs: number } | null = null;
  let renewing: Promise<string> | null = null;
  /** Raised by everything that a person does, so that an older request changes nothing any more. */
  let generation = 0;

  const stored = async () => {
    const asked = generation;
    const found = kept ?? { token: await secrets.get(tokenName), refreshToken: await secrets.get(refreshName) };
    if (asked === generation) kept = found;
    return found;
  };
  const store = async (next: { token: string | null; refreshToken: string | null }): Promise<void> => {
    generation += 1;
    current = null;
    renewing = null;
    kept = next;
    await secrets.set(tokenName, next.token);
    await secrets.set(refreshName, next.refreshToken);
  };
  const remember = ({ accessToken, expiresInMs }: TokenGrant): string => {
    const lifeMs = expiresInMs ?? defaultLifeMs;
    current = { token: accessToken, untilMs: performance.now() + lifeMs - Math.min(marginMs, lifeMs / 2) };
    return accessToken;
  };

  const renew = async (signal: AbortSignal): Promise<string> => {
    if (principal !== null) return remember(await requestToken(address, { grant_type: 'client_credentials', scope: 'all-apis' }, principal, signal));
    const asked = generation;
    const { token, refreshToken } = await stored();
    if (token !== null) return token;
    if (refreshToken === null || oauthClient === null) throw notSignedIn(address.host);
    const grant = await requestToken(address, { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: oauthClient }, null, signal);
    if (asked !== generation) return renew(signal);
    if (grant.refreshToken !== null) {
      kept = { token: null, refreshToken: grant.refreshToken };
      await secrets.set(refreshName, grant.refreshToken);
    }
    return asked === generation ? remember(grant) : renew(signal);
  };

  return {
    async token(refused, signal) {
      if (environmentToken !== null) return environmentToken;
      if (principal === null) {
        const { token } = await stored();
        if (token !== null) return token;
      }
      if (current !== null && current.token !== refused && performance.now() < current.untilMs) return current.token;
      current = null;
      if (renewing === null) {
        const request = renew(signal).finally(() => {
          if (renewing === request) renewing = null;
        });
        renewing = request;
      }
      return renewing;
    },
    async state() {
      const { token, refreshToken } = await stored();
      const isKept = token !== null || refreshToken !== null;
      const isSignedIn = refreshToken !== null || current !== null;
      const method = isEnvironment ? (environmentToken === null ? 'oauth-m2m' : 'token') : token !== null ? 'token' : isSignedIn ? 'oauth-u2m' : 'none';
      return {
        method,
        kept: isEnvironment ? 'environment' : isKept && secrets.isLasting ? 'keystore' : isKept || isSignedIn ? 'session' : null,
        canSignIn: !isEnvironment && oauthClient !== null,
        canStoreToken: !isEnvironment,
      };
    },
    async keep(grant) {
      await store({ token: null, refreshToken: grant.refreshToken });
      remember(grant);
    },
    storeToken: (token) => store({ token, refreshToken: null }),
  };
}

function notSignedIn(host: string): AppFailure {
  return new AppFailure(
    'not-signed-in',
    `Nobody is signed in to Databricks (${host}). Sign in or store a token under Settings, or set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID with DATABRICKS_CLIENT_SECRET.`,
    { host },
  );
}
