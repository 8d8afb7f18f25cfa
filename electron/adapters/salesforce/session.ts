import { AppFailure, cancelled, throwIfCancelled } from '../../core/app-failure.ts';
import { safeOrigin, type OrgConnection } from './org-connection.ts';
import { signInWays, type Grant, type SignInWay } from './sign-in.ts';
import { notSignedIn } from './translate-failure.ts';

/** A signed-in state. A renewal makes a new one; the old one is never changed. */
export interface Session {
  accessToken: string;
  /** Origin that the token is for. */
  instanceUrl: string;
}

export interface Sessions {
  /** The session in use; signs in first if need be. */
  current(signal: AbortSignal): Promise<Session>;
  /** The session that follows one Salesforce no longer accepts. Callers with the same old one share one sign-in. */
  renew(expired: Session, signal: AbortSignal): Promise<Session>;
}

const what = 'Signing in to Salesforce';

/** Waits for shared work without stopping it when one of the waiting gives up. */
async function waitFor<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(cancelled(what));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Keeps one org signed in.
 *
 * Shape:  at most one sign-in is under way. A refresh token that Salesforce rotated is saved before the new access token is used,
 *         and an old one is never used again. A sign-in that was refused is not tried again, so that a wrong password
 *         cannot lock the user out.
 * Errors: `not-signed-in`, `org-unavailable`, `rate-limited`, `cancelled`.
 */
export function openSessions(
  connection: OrgConnection,
  options: { signInBy(way: SignInWay, connection: OrgConnection): Promise<Grant>; saveRefreshToken?: ((token: string) => Promise<void>) | undefined },
): Sessions {
  let session: Session | null = null;
  if (connection.accessToken && connection.instanceUrl) {
    session = { accessToken: connection.accessToken, instanceUrl: safeOrigin(connection.instanceUrl, 'instance address') };
  }
  if (connection.accessToken && !connection.instanceUrl && signInWays(connection).length === 0) {
    throw new AppFailure('invalid-input', "An access token needs the org's instance address beside it. Add the address and try again.");
  }
  let refreshToken = connection.refreshToken;
  let savedToken = refreshToken;
  let underWay: Promise<Session> | null = null;
  const refusals = new Map<SignInWay, AppFailure>();

  const keepRefreshToken = async (token: string | null): Promise<void> => {
    if (token !== null) refreshToken = token;
    // Also a token that could not be saved when it came: until it is, nothing that came after it is used.
    if (refreshToken === undefined || refreshToken === savedToken) return;
    try {
      await options.saveRefreshToken?.(refreshToken);
      savedToken = refreshToken;
    } catch {
      // The cause may name places that are nobody's business; what it means is said instead.
      throw notSignedIn('Salesforce gave a new sign-in, but it could not be stored, so it is not used. Check the key store and the disk, then try again.');
    }
  };

  const signInBy = async (way: SignInWay): Promise<Session> => {
    const grant = await options.signInBy(way, refreshToken === undefined ? connection : { ...connection, refreshToken });
    if (way === 'refresh-token') await keepRefreshToken(grant.refreshToken);
    return { accessToken: grant.accessToken, instanceUrl: grant.instanceUrl };
  };

  const signInAgain = async (): Promise<Session> => {
    let refused: AppFailure | null = null;
    for (const way of signInWays(connection)) {
      const known = refusals.get(way);
      if (known) {
        refused ??= known;
        continue;
      }
      try {
        session = await signInBy(way);
        return session;
      } catch (error) {
        if (!(error instanceof AppFailure) || error.error.code !== 'not-signed-in') throw error;
        if ('code' in error.error.details) refusals.set(way, error);
        refused ??= error;
      }
    }
    throw refused ?? notSignedIn(session === null ? 'There is no sign-in for this org. Sign in to Salesforce first.' : 'The sign-in has expired. Sign in to Salesforce again.');
  };

  const shared = (): Promise<Session> => {
    underWay ??= signInAgain().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return {
    current: async (signal) => {
      throwIfCancelled(signal, what);
      return underWay === null && session !== null ? session : waitFor(shared(), signal);
    },
    renew: async (expired, signal) => {
      throwIfCancelled(signal, what);
      return underWay === null && session !== null && session !== expired ? session : waitFor(shared(), signal);
    },
  };
}
