import type { ApiCall, Reply } from '../api-call.ts';
import { notFound, OrgRefusal } from '../org-refusal.ts';
import type { OrgUser } from '../org-store.ts';
import type { OrgRuntime } from '../runtime.ts';
import type { Grant } from './tokens.ts';

/** The user that a client-credentials sign-in runs as. */
export const integrationUsername = 'integration@sample-org.example';

const refuse = (error: string, description: string): OrgRefusal => new OrgRefusal(400, error, description);

/** Takes the bearer token, or the `oauth_token` parameter that identity addresses allow. */
export function accessTokenOf(call: ApiCall): string | undefined {
  const [, token] = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(call.header('authorization') ?? '') ?? [];
  return token ?? undefined;
}

/** Checks the org's password, which may be followed by any security token. */
export function signInWithPassword(runtime: OrgRuntime, username: string, password: string): OrgUser | undefined {
  if (username.trim() === '' || !password.startsWith(runtime.store.password)) return undefined;
  return runtime.store.userNamed(username.trim());
}

function tokenReply(runtime: OrgRuntime, origin: string, grant: Grant): Reply {
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    json: {
      access_token: grant.accessToken,
      ...(grant.refreshToken === undefined ? {} : { refresh_token: grant.refreshToken }),
      signature: 'c2ltdWxhdGVkLW9yZw==',
      scope: grant.scope,
      instance_url: origin,
      id: `${origin}/id/${runtime.store.orgId}/${grant.user.id}`,
      token_type: 'Bearer',
      issued_at: String(runtime.store.clock()),
    },
  };
}

function clientOf(call: ApiCall, form: URLSearchParams): { id: string; secret: string | null } {
  const basic = /^Basic\s+(\S+)$/i.exec(call.header('authorization') ?? '')?.[1];
  const [id, ...secret] = basic === undefined ? [] : Buffer.from(basic, 'base64').toString('utf8').split(':');
  const client = { id: form.get('client_id') ?? id ?? '', secret: form.get('client_secret') ?? (secret.length > 0 ? secret.join(':') : null) };
  if (client.id === '') throw refuse('invalid_client_id', 'client identifier invalid');
  return client;
}

function grantFor(runtime: OrgRuntime, call: ApiCall, form: URLSearchParams): Grant {
  const client = clientOf(call, form);
  const scope = form.get('scope') ?? 'api refresh_token';
  const type = form.get('grant_type');
  if (type === 'password') {
    if (!client.secret) throw refuse('invalid_client', 'invalid client credentials');
    const user = signInWithPassword(runtime, form.get('username') ?? '', form.get('password') ?? '');
    if (!user) throw refuse('invalid_grant', 'authentication failure');
    return runtime.tokens.signIn(user, { clientId: client.id, scope, refreshable: false });
  }
  if (type === 'client_credentials') {
    if (!client.secret) throw refuse('invalid_client', 'invalid client credentials');
    const user = runtime.store.userNamed(integrationUsername);
    return runtime.tokens.signIn(user, { clientId: client.id, scope, refreshable: false });
  }
  if (type === 'refresh_token') return runtime.tokens.refresh(form.get('refresh_token') ?? '', client.id);
  if (type === 'authorization_code') {
    return runtime.tokens.redeemCode(form.get('code') ?? '', {
      clientId: client.id,
      redirectUri: form.get('redirect_uri') ?? '',
      verifier: form.get('code_verifier'),
    });
  }
  throw refuse('unsupported_grant_type', 'grant type not supported');
}

/** Signs the user named by `login_hint` in without asking: the simulated org has no login page. */
function authorize(runtime: OrgRuntime, query: URLSearchParams): Reply {
  const redirect = query.get('redirect_uri') ?? '';
  if (!URL.canParse(redirect)) throw refuse('redirect_uri_mismatch', 'redirect_uri must match configuration');
  const target = new URL(redirect);
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  const clientId = query.get('client_id') ?? '';
  const method = query.get('code_challenge_method');
  if (clientId === '' || query.get('response_type') !== 'code' || (method !== null && method !== 'S256')) {
    target.searchParams.set('error', clientId === '' ? 'invalid_client_id' : 'invalid_request');
    target.searchParams.set('error_description', 'client_id, response_type=code and code_challenge_method=S256 are expected');
  } else {
    const user = runtime.store.userNamed(query.get('login_hint') ?? integrationUsername);
    const code = runtime.tokens.makeCode({
      clientId,
      redirectUri: redirect,
      challenge: query.get('code_challenge'),
      userId: user.id,
      scope: query.get('scope') ?? 'api refresh_token',
    });
    target.searchParams.set('code', code);
  }
  return { status: 302, headers: { location: target.href } };
}

/** The identity of a user, as the address in a token reply answers it. */
function identity(runtime: OrgRuntime, origin: string, user: OrgUser): Record<string, unknown> {
  const email = user.username.includes('@') ? user.username : `${user.username}@sample-org.example`;
  return {
    id: `${origin}/id/${runtime.store.orgId}/${user.id}`,
    asserted_user: true,
    user_id: user.id,
    organization_id: runtime.store.orgId,
    username: user.username,
    nick_name: user.name,
    display_name: user.name,
    email,
    email_verified: true,
    first_name: null,
    last_name: user.name,
    timezone: 'GMT',
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    is_app_installed: true,
    urls: {
      rest: `${origin}/services/data/v{version}/`,
      sobjects: `${origin}/services/data/v{version}/sobjects/`,
      query: `${origin}/services/data/v{version}/query/`,
      partner: `${origin}/services/Soap/u/{version}/${runtime.store.orgId.slice(0, 15)}`,
    },
  };
}

function userinfo(runtime: OrgRuntime, origin: string, user: OrgUser): Record<string, unknown> {
  const known = identity(runtime, origin, user);
  return {
    sub: known['id'],
    user_id: user.id,
    organization_id: runtime.store.orgId,
    preferred_username: user.username,
    nickname: user.name,
    name: user.name,
    email: known['email'],
    email_verified: true,
    zoneinfo: 'GMT',
    locale: 'en_US',
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    urls: known['urls'],
  };
}

/** OAuth's own error form: an object, not Salesforce's array. */
function oauthError(error: OrgRefusal): Reply {
  const [first] = error.errors;
  return { status: error.status, json: { error: first?.errorCode, error_description: first?.message } };
}

/** Answers everything below `/services/oauth2` and the identity addresses. */
export function answerOauth(runtime: OrgRuntime, call: ApiCall, origin: string): Reply {
  const path = call.path.replace(/\/$/, '');
  const signedIn = (): OrgUser => {
    const token = accessTokenOf(call) ?? call.query.get('oauth_token') ?? '';
    const user = runtime.tokens.userOf(token);
    if (!user) throw new OrgRefusal(403, 'Bad_OAuth_Token', 'Bad_OAuth_Token');
    return user;
  };
  try {
    if (path === '/services/oauth2/token' && call.method === 'POST') {
      return tokenReply(runtime, origin, grantFor(runtime, call, new URLSearchParams(call.body)));
    }
    if (path === '/services/oauth2/authorize' && call.method === 'GET') return authorize(runtime, call.query);
    if (path === '/services/oauth2/revoke') {
      runtime.tokens.revoke(new URLSearchParams(call.body).get('token') ?? call.query.get('token') ?? '');
      return { status: 200, text: '', type: 'text/plain' };
    }
  } catch (error) {
    if (error instanceof OrgRefusal) return oauthError(error);
    throw error;
  }
  if (path === '/services/oauth2/userinfo') return { status: 200, json: userinfo(runtime, origin, signedIn()) };
  const [, orgId, userId] = /^\/id\/(\w+)\/(\w+)$/.exec(path) ?? [];
  if (orgId !== undefined && userId !== undefined) {
    const user = signedIn();
    if (runtime.store.userById(userId)?.id !== user.id) throw notFound();
    return { status: 200, json: identity(runtime, origin, user) };
  }
  throw notFound();
}
