import { createServer } from 'node:http';
import { request } from 'node:https';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatabricksOptions, DatabricksSite } from '../../../electron/adapters/databricks/open-databricks.ts';
import type { AppFailure } from '../../../electron/core/app-failure.ts';
import { sessionSecrets } from '../../../electron/hosts/session-secrets.ts';
import { openStandInSite, type StandInSite } from '../../stand-in/open-site.ts';
import { authorityFile } from '../../stand-in/start-stand-in.ts';

const never = new AbortController().signal;
let under: StandInSite;
let port: number;

beforeEach(async () => {
  under = await openStandInSite();
  port = await freePort();
  under.standIn.oidc.redirects.set('countersign-app', `http://localhost:${port}`);
});
afterEach(() => under.close());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port: found } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return found;
}

/** What a browser does with the sign-in page: it follows the redirect back to us. */
async function followAsBrowser(url: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(url, { ca: readFileSync(authorityFile) }, (response) => resolve(response.resume().headers.location ?? '')).on('error', reject).end();
  return (await fetch(await promise)).status;
}

const withPeople = (change: Partial<DatabricksOptions> = {}): DatabricksSite =>
  under.open({ env: {}, config: { ...under.config, oauth: { clientId: 'countersign-app', port, scopes: 'sql offline_access' } }, openExternal: async (url) => followAsBrowser(url).then(() => true), ...change });
const whoAmI = async (site: DatabricksSite): Promise<string | null> => (await site.warehouseAccess.test(never)).user;
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'no failure', (error: AppFailure) => error.error.code);

describe('a service principal', () => {
  it('gets its token once, and another when the warehouse no longer takes it', async () => {
    const site = under.open({ env: { DATABRICKS_CLIENT_ID: 'service-principal', DATABRICKS_CLIENT_SECRET: 'its-secret' } });
    expect(await site.warehouseAccess.signInState()).toEqual({ method: 'oauth-m2m', kept: 'environment', canSignIn: false, canStoreToken: false });
    expect(await whoAmI(site)).toBe('admin@example.com');
    expect(under.standIn.oidc.granted).toBe(1);
    under.standIn.oidc.tokens.clear();
    expect(await whoAmI(site)).toBe('admin@example.com');
    expect(under.standIn.oidc.granted).toBe(2);
  });

  it('gets a new token before the old one expires', async () => {
    under.standIn.oidc.expiresInSeconds = 0.01;
    const site = under.open({ env: { DATABRICKS_CLIENT_ID: 'service-principal', DATABRICKS_CLIENT_SECRET: 'its-secret' } });
    await whoAmI(site);
    expect(under.standIn.oidc.granted).toBeGreaterThan(1);
  });

  it('with a wrong secret is told so, and the secret is in no message', async () => {
    const site = under.open({ env: { DATABRICKS_CLIENT_ID: 'service-principal', DATABRICKS_CLIENT_SECRET: 'a-wrong-secret' } });
    const { checks } = await site.warehouseAccess.test(never);
    expect(checks[0]).toMatchObject({ state: 'failed', detail: expect.stringContaining('Client authentication failed') as string });
    expect(JSON.stringify(checks)).not.toContain('a-wrong-secret');
    expect(await codeOf(site.warehouse.countView('properties_to_create', never))).toBe('not-signed-in');
  });
});

describe('a person', () => {
  it('who has not signed in is told how to', async () => {
    const failure = await withPeople().warehouse.countView('properties_to_create', never).catch((error: AppFailure) => error.error);
    expect(failure).toMatchObject({ code: 'not-signed-in', message: expect.stringContaining('DATABRICKS_TOKEN') as string });
  });

  it('signs in with a browser, stays signed in through a refresh token that is used once, and after a restart', async () => {
    const secrets = sessionSecrets();
    const site = withPeople({ secrets });
    expect(await site.warehouseAccess.signInState()).toMatchObject({ method: 'none', canSignIn: true });
    await site.warehouseAccess.signIn(never);
    expect(await site.warehouseAccess.signInState()).toMatchObject({ method: 'oauth-u2m', kept: 'session' });
    expect(await whoAmI(site)).toBe('admin@example.com');
    const first = await secrets.get('databricks.refresh-token');
    under.standIn.oidc.tokens.clear();
    expect(await whoAmI(site)).toBe('admin@example.com');
    expect(await secrets.get('databricks.refresh-token')).not.toBe(first);
    expect(await whoAmI(withPeople({ secrets }))).toBe('admin@example.com');
  });

  it('whose refresh token was used elsewhere has to sign in again', async () => {
    const secrets = sessionSecrets();
    const site = withPeople({ secrets });
    await site.warehouseAccess.signIn(never);
    under.standIn.oidc.tokens.clear();
    under.standIn.oidc.refreshTokens.clear();
    expect(await codeOf(site.warehouse.countView('properties_to_create', never))).toBe('not-signed-in');
  });

  it('gets the address to open where the app cannot open a browser', async () => {
    const site = withPeople({ openExternal: async () => false });
    const opened: string[] = [];
    site.warehouseAccess.onProgress(({ state, reason }) => {
      if (state !== 'signing-in' || reason === null) return;
      opened.push(reason);
      void followAsBrowser(reason);
    });
    await site.warehouseAccess.signIn(never);
    expect(new URL(opened[0] ?? '').searchParams.get('code_challenge_method')).toBe('S256');
    expect(await whoAmI(site)).toBe('admin@example.com');
  });

  it('can give up, and can try again at once on the same port', async () => {
    const controller = new AbortController();
    const site = withPeople({ openExternal: async () => { controller.abort(); return true; } });
    expect(await codeOf(site.warehouseAccess.signIn(controller.signal))).toBe('cancelled');
    await withPeople().warehouseAccess.signIn(never);
  });

  it('who refuses on the page is told what came back', async () => {
    const refuse = async (url: string): Promise<boolean> => {
      const state = new URL(url).searchParams.get('state') ?? '';
      await fetch(`http://localhost:${port}/?error=access_denied&error_description=Not+today&state=${state}`);
      return true;
    };
    const failure = await withPeople({ openExternal: refuse }).warehouseAccess.signIn(never).catch((error: AppFailure) => error.error);
    expect(failure).toMatchObject({ code: 'not-signed-in', message: expect.stringContaining('Not today') as string });
  });

  it('is not signed in by the answer of somebody else, and still is by the right one', async () => {
    const forge = async (url: string): Promise<boolean> => {
      expect((await fetch(`http://localhost:${port}/?code=stolen&state=guessed`)).status).toBe(400);
      expect((await fetch(`http://localhost:${port}/?code=stolen`)).status).toBe(400);
      await followAsBrowser(url);
      return true;
    };
    const site = withPeople({ openExternal: forge });
    await site.warehouseAccess.signIn(never);
    expect(await whoAmI(site)).toBe('admin@example.com');
  });

  it('waits on through a request that is none', async () => {
    const disturb = async (url: string): Promise<boolean> => {
      const socket = connect(port, 'localhost');
      socket.write('GET // HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'data');
      const rude = connect(port, 'localhost');
      rude.on('error', () => {}).write('no HTTP at all\r\n\r\n');
      await once(rude, 'close');
      await followAsBrowser(url);
      return true;
    };
    const site = withPeople({ openExternal: disturb });
    await site.warehouseAccess.signIn(never);
    expect(await whoAmI(site)).toBe('admin@example.com');
  });

  it('who forgets the sign-in, or signs in anew, while a token is being renewed is not overruled by it', async () => {
    const secrets = sessionSecrets();
    const site = withPeople({ secrets });
    await site.warehouseAccess.signIn(never);
    under.standIn.oidc.tokens.clear();
    const renewing = codeOf(site.warehouse.countView('properties_to_create', never));
    await site.warehouseAccess.storeToken(null);
    await renewing;
    expect(await site.warehouseAccess.signInState()).toMatchObject({ method: 'none' });
    expect([await secrets.get('databricks.refresh-token'), await secrets.get('databricks.token')]).toEqual([null, null]);
  });

  it('is told when the port is taken', async () => {
    const taken = createServer().listen(port, 'localhost');
    await once(taken, 'listening');
    const failure = await withPeople().warehouseAccess.signIn(never).catch((error: AppFailure) => error.error);
    taken.close();
    expect(failure).toMatchObject({ code: 'invalid-input', message: expect.stringContaining(String(port)) as string });
  });

  it('can store a token, which counts until the next sign-in, and forget it', async () => {
    const site = withPeople();
    await site.warehouseAccess.storeToken('test-token');
    expect(await site.warehouseAccess.signInState()).toMatchObject({ method: 'token', kept: 'session' });
    expect(await whoAmI(site)).toBe('admin@example.com');
    await site.warehouseAccess.signIn(never);
    expect(await site.warehouseAccess.signInState()).toMatchObject({ method: 'oauth-u2m', kept: 'session' });
    await site.warehouseAccess.storeToken('test-token');
    expect(await site.warehouseAccess.signInState()).toMatchObject({ method: 'token', kept: 'session' });
    await site.warehouseAccess.storeToken(null);
    expect(await site.warehouseAccess.signInState()).toMatchObject({ method: 'none', kept: null });
  });
});

describe('the token endpoint', () => {
  it('that fails for a moment is asked again', async () => {
    under.standIn.oidc.answers.push({ status: 503, body: 'later' }, { status: 500, body: 'broken' });
    expect(await whoAmI(under.open({ env: { DATABRICKS_CLIENT_ID: 'service-principal', DATABRICKS_CLIENT_SECRET: 'its-secret' } }))).toBe('admin@example.com');
  });

  it.each([
    [{ status: 200, body: { token: 'of another form' } }, 'source-unavailable'],
    [{ status: 400, body: { error: 'invalid_scope' } }, 'not-signed-in'],
  ])('that answers %j ends as %s', async (answer, code) => {
    under.standIn.oidc.answers.push(answer);
    const site = under.open({ env: { DATABRICKS_CLIENT_ID: 'service-principal', DATABRICKS_CLIENT_SECRET: 'its-secret' } });
    expect(await codeOf(site.warehouse.countView('properties_to_create', never))).toBe(code);
  });
});

describe('behind a proxy', () => {
  it('everything goes through it, with its password from the environment', async () => {
    const asked: { target: string; auth: string }[] = [];
    const proxy = createServer().on('connect', (message, socket) => {
      asked.push({ target: message.url ?? '', auth: Buffer.from((message.headers['proxy-authorization'] ?? '').replace(/^Basic /u, ''), 'base64').toString('utf8') });
      const [host = '', to = ''] = (message.url ?? '').split(':');
      const onward = connect(Number(to), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [onward, socket]) end.on('error', () => {});
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port: proxyPort } = proxy.address() as AddressInfo;
    const site = under.open({ config: { ...under.config, proxy: `http://127.0.0.1:${proxyPort}` }, env: { DATABRICKS_CLIENT_ID: 'service-principal', DATABRICKS_CLIENT_SECRET: 'its-secret', COUNTERSIGN_PROXY_AUTH: 'me:secret/word@1' } });
    expect(await whoAmI(site)).toBe('admin@example.com');
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked.map(({ target, auth }) => `${target} ${auth}`))).toEqual(new Set([`${under.standIn.address} me:secret/word@1`]));
    await site.close();
    proxy.closeAllConnections();
    proxy.close();
  });
});
