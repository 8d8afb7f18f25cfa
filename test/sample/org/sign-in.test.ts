import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { base, orgUnderTest, seedRecords, type Answer, type OrgUnderTest } from './independent-client.ts';

let t: OrgUnderTest;
beforeAll(async () => {
  t = await orgUnderTest(seedRecords(1));
});
afterAll(() => t.close());

const token = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  t.open('POST', '/services/oauth2/token', new URLSearchParams(form), headers);
const limitsWith = (accessToken: string): Promise<Answer> =>
  t.open('GET', `${base}/limits`, undefined, { authorization: `Bearer ${accessToken}` });

const client = { client_id: 'any-client', client_secret: 'any-secret' };
const verifier = 'v'.repeat(64);
const challenge = createHash('sha256').update(verifier).digest('base64url');
const redirectUri = 'http://localhost:1717/OauthRedirect';

async function authorize(extra: Record<string, string> = {}): Promise<URL> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    state: 'my state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    login_hint: 'dana@example.com',
    ...extra,
  });
  const answer = await t.open('GET', `/services/oauth2/authorize?${query}`);
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get('location') ?? '');
}

async function signInWithCode(): Promise<Answer> {
  const code = (await authorize()).searchParams.get('code') ?? '';
  return token({ grant_type: 'authorization_code', client_id: client.client_id, redirect_uri: redirectUri, code, code_verifier: verifier });
}

test('A user signs in with the org password, with or without a security token behind it', async () => {
  for (const password of ['countersign', 'countersignTOKEN123']) {
    const answer = await token({ grant_type: 'password', ...client, username: 'ann@example.com', password });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ token_type: 'Bearer', instance_url: t.org.url });
    expect(answer.json.id).toMatch(new RegExp(`^${t.org.url}/id/${t.org.orgId}/005\\w{15}$`));
    expect((await limitsWith(answer.json.access_token)).status).toBe(200);
  }
});

test('A wrong password is refused in the words of the token endpoint', async () => {
  const answer = await token({ grant_type: 'password', ...client, username: 'ann@example.com', password: 'guess' });
  expect([answer.status, answer.json]).toEqual([400, { error: 'invalid_grant', error_description: 'authentication failure' }]);
});

test('Client credentials sign the integration user in, by form or by Basic header', async () => {
  const byForm = await token({ grant_type: 'client_credentials', ...client });
  const basic = `Basic ${Buffer.from('any-client:any-secret').toString('base64')}`;
  const byHeader = await token({ grant_type: 'client_credentials' }, { authorization: basic });
  expect(byForm.json.id).toBe(byHeader.json.id);
  const withoutSecret = await token({ grant_type: 'client_credentials', client_id: 'any-client' });
  expect(withoutSecret.json.error).toBe('invalid_client');
  expect((await token({ grant_type: 'guess', ...client })).json.error).toBe('unsupported_grant_type');
});

test('An authorization code with PKCE signs the hinted user in once', async () => {
  const redirect = await authorize();
  expect(redirect.searchParams.get('state')).toBe('my state');
  const form = {
    grant_type: 'authorization_code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    code: redirect.searchParams.get('code') ?? '',
    code_verifier: verifier,
  };
  const answer = await token(form);
  expect(answer.json.refresh_token).toBeTypeOf('string');
  const who = await t.open('GET', '/services/oauth2/userinfo', undefined, { authorization: `Bearer ${answer.json.access_token}` });
  expect(who.json).toMatchObject({ preferred_username: 'dana@example.com', organization_id: t.org.orgId });
  expect((await token(form)).json).toEqual({ error: 'invalid_grant', error_description: 'expired authorization code' });
});

test('A code is refused without its verifier, with another one, or for another redirect address', async () => {
  const wrong: Record<string, string>[] = [
    {},
    { code_verifier: 'w'.repeat(64) },
    { code_verifier: 'v'.repeat(171) },
    { code_verifier: verifier, redirect_uri: 'http://localhost:1/x' },
  ];
  for (const given of wrong) {
    const code = (await authorize()).searchParams.get('code') ?? '';
    const answer = await token({ grant_type: 'authorization_code', client_id: client.client_id, redirect_uri: redirectUri, code, ...given });
    expect(answer.status).toBe(400);
  }
});

test('A refresh token rotates, and its second use ends the whole family', async () => {
  const first = (await signInWithCode()).json;
  const refresh = (refreshToken: string): Promise<Answer> =>
    token({ grant_type: 'refresh_token', client_id: client.client_id, refresh_token: refreshToken });
  const second = (await refresh(first.refresh_token)).json;
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect((await limitsWith(second.access_token)).status).toBe(200);
  const reused = await refresh(first.refresh_token);
  expect(reused.json).toEqual({ error: 'invalid_grant', error_description: 'expired access/refresh token' });
  expect((await refresh(second.refresh_token)).status).toBe(400);
  expect((await limitsWith(second.access_token)).status).toBe(401);
});

test('A sixth sign-in of one user at one client ends the oldest', async () => {
  const oldest = (await signInWithCode()).json;
  for (let count = 0; count < 5; count += 1) await signInWithCode();
  const answer = await token({ grant_type: 'refresh_token', client_id: client.client_id, refresh_token: oldest.refresh_token });
  expect(answer.status).toBe(400);
});

test('A revoked token opens nothing any more', async () => {
  const grant = (await signInWithCode()).json;
  expect((await t.open('POST', '/services/oauth2/revoke', new URLSearchParams({ token: grant.access_token }))).status).toBe(200);
  expect((await limitsWith(grant.access_token)).json).toEqual([
    { message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' },
  ]);
});

test('The identity address answers with the token in the header or in the query', async () => {
  const grant = (await signInWithCode()).json;
  const path = new URL(grant.id).pathname;
  const answer = await t.open('GET', `${path}?format=json&oauth_token=${encodeURIComponent(grant.access_token)}`);
  expect(answer.json).toMatchObject({ username: 'dana@example.com', display_name: 'dana', organization_id: t.org.orgId });
  expect((await t.open('GET', path)).status).toBe(403);
});

test('SOAP login works up to version 64.0 and gives a session for REST', async () => {
  const envelope = (password: string): string =>
    `<?xml version="1.0"?><se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/"><se:Body><login xmlns="urn:partner.soap.sforce.com"><username>a&amp;b@example.com</username><password>${password}</password></login></se:Body></se:Envelope>`;
  const post = (version: string, password: string): Promise<Answer> =>
    t.open('POST', `/services/Soap/u/${version}`, envelope(password), { 'content-type': 'text/xml', soapaction: '""' });
  const answer = await post('64.0', 'countersign');
  expect(answer.status).toBe(200);
  const sessionId = /<sessionId>(.+)<\/sessionId>/.exec(answer.text)?.[1] ?? '';
  expect(/<serverUrl>(.+)<\/serverUrl>/.exec(answer.text)?.[1]).toContain('/services/Soap/u/64.0/00D');
  expect(answer.text).toContain('a&#38;b@example.com');
  expect((await limitsWith(sessionId)).status).toBe(200);
  const wrong = await post('64.0', 'guess');
  expect(wrong.status).toBe(500);
  expect(wrong.text).toContain('INVALID_LOGIN: Invalid username, password, security token; or user locked out.');
  expect((await post('65.0', 'countersign')).status).toBe(500);
});

test('Access tokens end after their lifetime by the org clock, and outlive a restart', async () => {
  let now = Date.parse('2026-05-01T00:00:00Z');
  let timed = await orgUnderTest([], { clock: () => now, accessTokenLifetimeMs: 60_000 });
  const grant = await timed.open(
    'POST',
    '/services/oauth2/token',
    new URLSearchParams({ grant_type: 'client_credentials', ...client }),
  );
  const bearer = { authorization: `Bearer ${grant.json.access_token}` };
  timed = await timed.restart();
  expect((await timed.open('GET', `${base}/limits`, undefined, bearer)).status).toBe(200);
  now += 60_000;
  expect((await timed.open('GET', `${base}/limits`, undefined, bearer)).status).toBe(401);
  await timed.close();
});
