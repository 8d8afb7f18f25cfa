import { afterEach, describe, expect, it } from 'vitest';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import type { OrgConnection } from '../../../electron/adapters/salesforce/org-connection.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import { answerJson, startScriptedServer, type ScriptedServer } from './scripted-server.ts';

const signal = new AbortController().signal;
const secrets = { clientId: 'client', clientSecret: 'canary-secret', username: 'u', password: 'canary-password' };

describe('token answers of a server that is not to be trusted', () => {
  const servers: ScriptedServer[] = [];
  const serve = async (token: (server: ScriptedServer) => { status?: number; json: unknown }): Promise<ScriptedServer> => {
    const server: ScriptedServer = await startScriptedServer((asked, response) => {
      if (!asked.path.endsWith('/token')) return answerJson(response, { totalSize: 7, done: true, records: [] });
      const { status = 200, json } = token(server);
      return answerJson(response, json, status);
    });
    servers.push(server);
    return server;
  };
  const count = (connection: OrgConnection): Promise<number> => jsforceOrg({ connection, apiVersion: '64.0', sleep: async () => {} }).countRecords('Product_Property__c', signal);
  const failureOf = async (work: Promise<unknown>): Promise<AppFailure> => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof AppFailure)) throw new Error('an AppFailure was expected', { cause: error });
    return error;
  };

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it('the token goes to no server that the answer merely names', async () => {
    const thief = await serve(() => ({ json: {} }));
    for (const instance of [thief.url, 'https://evil.example', 'https://my.salesforce.com.evil.example', 'http://acme.my.salesforce.com', 'nonsense']) {
      const server = await serve(() => ({ json: { access_token: 'canary', instance_url: instance, id: 'https://x/id/00D/005' } }));
      const failure = await failureOf(count({ loginUrl: server.url, ...secrets }));
      expect(failure.error).toMatchObject({ code: 'not-signed-in', details: { code: 'FOREIGN_ADDRESS' } });
    }
    expect(thief.asked).toEqual([]);
  });

  it('the loopback has several names', async () => {
    const server = await serve(({ url }) => ({ json: { access_token: 't', instance_url: url, id: 'x' } }));
    expect(await count({ loginUrl: server.url.replace('127.0.0.1', 'localhost'), ...secrets })).toBe(7);
  });

  const answers: [string, { status?: number; json: unknown }, string][] = [
    ['no token', { json: { instance_url: 'https://acme.my.salesforce.com' } }, 'org-unavailable'],
    ['a text', { json: 'hello' }, 'org-unavailable'],
    ['HTTP 503', { status: 503, json: {} }, 'org-unavailable'],
    ['HTTP 429', { status: 429, json: {} }, 'rate-limited'],
    ['invalid_grant', { status: 400, json: { error: 'invalid_grant', error_description: 'authentication failure canary-password' } }, 'not-signed-in'],
    ['an error that is no code', { status: 400, json: { error: 'canary-password is wrong, sorry', error_description: 'canary-secret' } }, 'not-signed-in'],
  ];

  it.each(answers)('%s as the answer to a sign-in becomes a plain sentence without secrets', async (_name, answer, code) => {
    const server = await serve(() => answer);
    const failure = await failureOf(count({ loginUrl: server.url, ...secrets }));
    expect(failure.error.code).toBe(code);
    expect(`${JSON.stringify(failure.error)} ${failure.stack}`).not.toContain('canary');
  });

  it.each(['http://acme.my.salesforce.com', 'ftp://127.0.0.1', 'https://user:pw@acme.my.salesforce.com', 'https://acme.lightning.force.com', 'acme'])(
    'refuses the address %s before anything is sent',
    async (address) => {
      for (const connection of [{ loginUrl: address, ...secrets }, { instanceUrl: address, accessToken: 't' }]) {
        const work = async (): Promise<number> => count(connection);
        expect((await failureOf(work())).error.code).toBe('invalid-input');
      }
    },
  );

  it('saves a new refresh token before anything is done with what came after it', async () => {
    const tokens = [{ access_token: 'first', refresh_token: 'rotated' }, { access_token: 'second' }];
    const server = await serve(({ url }) => ({ json: { ...tokens.shift(), instance_url: url, id: 'x' } }));
    const saved: string[] = [];
    let isDiskFull = true;
    const org = jsforceOrg({
      connection: { loginUrl: server.url, clientId: 'client', refreshToken: 'given' },
      apiVersion: '64.0',
      saveRefreshToken: async (token) => {
        if (isDiskFull) throw new Error('no space left');
        expect(server.asked.filter((asked) => !asked.path.endsWith('/token'))).toEqual([]);
        saved.push(token);
      },
    });
    expect((await failureOf(org.countRecords('Product_Property__c', signal))).error.code).toBe('not-signed-in');
    isDiskFull = false;
    expect(await org.countRecords('Product_Property__c', signal)).toBe(7);
    expect(saved).toEqual(['rotated']);
    expect(server.asked.at(-1)?.headers.authorization).toBe('Bearer second');
  });

  it('refuses an access token without an address', async () => {
    const work = async (): Promise<number> => count({ accessToken: 't' });
    expect((await failureOf(work())).error.code).toBe('invalid-input');
  });
});
