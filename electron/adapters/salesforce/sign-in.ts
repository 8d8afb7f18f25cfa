import { Connection } from '@jsforce/jsforce-node';
import * as z from 'zod';
import { AppFailure } from '../../core/app-failure.ts';
import { FetchTransport, type TransportOptions } from './fetch-transport.ts';
import { HttpFailure } from './http-failure.ts';
import { safeOrigin, trustedOrigin, type OrgConnection } from './org-connection.ts';
import { notSignedIn } from './translate-failure.ts';

/** What a sign-in gives. */
export interface Grant {
  accessToken: string;
  /** Origin that the token is for. */
  instanceUrl: string;
  /** A new refresh token, where the answer brought one. */
  refreshToken: string | null;
}

export type SignInWay = 'refresh-token' | 'password' | 'soap' | 'client-credentials';

const tokenAnswer = z.looseObject({ access_token: z.string().min(1), instance_url: z.string().min(1), refresh_token: z.string().min(1).optional() });
const lastSoapVersion = 64;
const defaultLoginUrl = 'https://login.salesforce.com';

/** Where signing in happens. */
export function loginOrigin(connection: OrgConnection): string {
  return safeOrigin(connection.loginUrl ?? connection.instanceUrl ?? defaultLoginUrl, 'login address');
}

/**
 * The ways in which a connection can sign in without a person, best first.
 *
 * Shape: an access token alone gives none.
 */
export function signInWays(connection: OrgConnection): SignInWay[] {
  const { refreshToken, clientId, clientSecret, username, password } = connection;
  const ways: SignInWay[] = [];
  if (refreshToken && clientId) ways.push('refresh-token');
  if (username && password) ways.push(clientId && clientSecret ? 'password' : 'soap');
  else if (clientId && clientSecret && !refreshToken) ways.push('client-credentials');
  return ways;
}

function refusedSignIn(way: SignInWay, code: string): AppFailure {
  const what = {
    'refresh-token': 'Salesforce does not accept the stored sign-in any more. Sign in again.',
    password: 'Salesforce does not accept this user name with this password and security token. Correct them and try again.',
    soap: 'Salesforce does not accept this user name with this password and security token. Correct them and try again.',
    'client-credentials': 'Salesforce does not accept this client id with this secret. Correct them and try again.',
  }[way];
  return notSignedIn(what, code);
}

function signInFailure(error: unknown, way: SignInWay, status: number | null): AppFailure {
  if (error instanceof AppFailure) return error;
  if (error instanceof HttpFailure) return new AppFailure('org-unavailable', `Salesforce could not be reached to sign in: ${error.message} Try again.`, { code: error.code });
  const message = error instanceof Error ? error.message : '';
  const code = way === 'soap' ? (/^(?:\w+:)?([A-Z_]+)(?::|$)/u.exec(message)?.[1] ?? 'SIGN_IN_REFUSED') : error instanceof Error ? error.name : 'SIGN_IN_REFUSED';
  if (status === 429) return new AppFailure('rate-limited', 'Salesforce asks for fewer sign-ins. Wait a little, then repeat.', { code: 'HTTP_429' });
  const isFault = way === 'soap' && code !== 'SIGN_IN_REFUSED' && code !== 'SERVER_UNAVAILABLE';
  if (status !== null && ((status >= 500 && !isFault) || status < 400)) {
    return new AppFailure('org-unavailable', 'Salesforce did not answer the sign-in in the expected way. Check the login address, then try again.', { status });
  }
  return refusedSignIn(way, /^\w{1,60}$/u.test(code) ? code : 'SIGN_IN_REFUSED');
}

async function askForToken(desk: Connection, way: SignInWay, connection: OrgConnection): Promise<unknown> {
  const { refreshToken = '', username = '', password = '' } = connection;
  if (way === 'refresh-token') return desk.oauth2.refreshToken(refreshToken);
  if (way === 'password') return desk.oauth2.authenticate(username, password);
  if (way === 'client-credentials') return desk.oauth2.requestToken({ grant_type: 'client_credentials' });
  await desk.loginBySoap(username, password);
  return { access_token: desk.accessToken, instance_url: desk.instanceUrl };
}

/**
 * Signs in once, in one way, through jsforce.
 *
 * Errors: throws `not-signed-in` when Salesforce refuses or names a server that the token must not go to; `org-unavailable` or
 *         `rate-limited` when it could not be asked. Never repeats by itself: a refresh token may be used only once.
 */
export async function signIn(
  way: SignInWay,
  connection: OrgConnection,
  options: { apiVersion: string; transport: Pick<TransportOptions, 'timeoutMs' | 'signal' | 'onStart' | 'onEnd'> },
): Promise<Grant> {
  const origin = loginOrigin(connection);
  if (way === 'soap' && Number(options.apiVersion) > lastSoapVersion) {
    throw notSignedIn('From API version 65.0 on, a user name and password need a client id and a client secret as well. Add them, or sign in another way.');
  }
  const { clientId, clientSecret } = connection;
  const transport = new FetchTransport({ ...options.transport, origin, write: false, throwsStatus: false });
  const desk = new Connection({
    loginUrl: origin,
    version: options.apiVersion,
    oauth2: { loginUrl: origin, ...(clientId ? { clientId } : {}), ...(clientSecret ? { clientSecret } : {}) },
  });
  desk._transport = transport;
  desk.oauth2._transport = transport;
  let answer: unknown;
  try {
    answer = await askForToken(desk, way, connection);
  } catch (error) {
    throw signInFailure(error, way, transport.lastStatus);
  }
  const token = tokenAnswer.safeParse(answer);
  if (!token.success) throw signInFailure(null, way, transport.lastStatus);
  const configured = connection.instanceUrl === undefined ? [origin] : [origin, safeOrigin(connection.instanceUrl, 'instance address')];
  const instanceUrl = trustedOrigin(token.data.instance_url, configured);
  if (instanceUrl === null) {
    throw notSignedIn('The sign-in answer names a server that is not one of Salesforce, so nothing was sent there. Check the login address.', 'FOREIGN_ADDRESS');
  }
  return { accessToken: token.data.access_token, instanceUrl, refreshToken: token.data.refresh_token ?? null };
}
