import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrgConnection } from '../../../electron/adapters/salesforce/org-connection.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import { startOrgServer, type OrgServer } from './simulated-org.ts';

const object = 'Product_Property__c';
const signal = new AbortController().signal;

const failureOf = async (work: Promise<unknown>): Promise<AppFailure> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppFailure)) throw new Error('an AppFailure was expected', { cause: error });
  return error;
};

describe('signing in to an org', () => {
  let server: OrgServer;
  const count = (org: Org): Promise<number> => org.countRecords(object, signal);
  const tokenCalls = async (): Promise<number> => {
    const calls = (await server.control('GET', '/calls')) as { byRoute: Record<string, number> };
    return calls.byRoute['POST /services/oauth2/token'] ?? 0;
  };
  const personConnection = async (): Promise<OrgConnection & { refreshToken: string }> => {
    const { accessToken, refreshToken } = await server.signInPerson();
    return { instanceUrl: server.simulated.url, loginUrl: server.simulated.url, clientId: server.simulated.credentials.clientId, accessToken, refreshToken };
  };

  beforeEach(async () => {
    server = await startOrgServer({ seedRecords: 10 });
  });
  afterEach(() => server.close());

  it.each(['password', 'soap', 'client-credentials'] as const)('works by %s, and once more after the session has expired', async (way) => {
    const org = server.open(server.connect[way]);
    expect((await org.identity(signal)).orgId).toBe(server.simulated.orgId);
    await server.control('POST', '/tokens/expire');
    expect(await count(org)).toBe(9);
  });

  it('takes a session that is already there, and says so when it has expired', async () => {
    const { accessToken } = await server.signInPerson();
    const org = server.open({ instanceUrl: server.simulated.url, accessToken });
    expect((await org.identity(signal)).instanceUrl).toBe(server.simulated.url);
    await server.control('POST', '/tokens/expire');
    expect((await failureOf(count(org))).error.code).toBe('not-signed-in');
    expect((await failureOf(org.identity(signal))).error.code).toBe('not-signed-in');
  });

  it('renews a session by its refresh token and saves the rotated one before it goes on', async () => {
    const connection = await personConnection();
    const steps: string[] = [];
    const org = server.open(connection, {
      saveRefreshToken: async (token) => {
        steps.push(token === connection.refreshToken ? 'saved the old one' : 'saved a new one');
      },
      onCall: (facts) => steps.push(`${facts.path.split('/').at(-1)} ${facts.status}`),
    });
    await server.control('POST', '/tokens/expire');
    expect(await count(org)).toBe(9);
    expect(steps).toEqual(['query 401', 'token 200', 'saved a new one', 'query 200']);
    await server.control('POST', '/tokens/expire');
    expect(await count(org)).toBe(9);
    expect(steps.filter((step) => step === 'saved a new one')).toHaveLength(2);
  });

  it('does not use a new sign-in that could not be stored, and keeps its refresh token for the next try', async () => {
    const connection = await personConnection();
    let isDiskFull = true;
    const org = server.open(connection, {
      saveRefreshToken: async () => {
        if (isDiskFull) throw new Error('no space left');
      },
    });
    await server.control('POST', '/tokens/expire');
    expect((await failureOf(count(org))).error.code).toBe('not-signed-in');
    isDiskFull = false;
    expect(await count(org)).toBe(9);
  });

  it('renews once for fifty calls that meet an expired session together', async () => {
    const org = server.open(await personConnection());
    await server.control('POST', '/tokens/expire');
    const before = await tokenCalls();
    const counts = await Promise.all(Array.from({ length: 50 }, () => count(org)));
    expect(new Set(counts)).toEqual(new Set([9]));
    expect((await tokenCalls()) - before).toBe(1);
  });

  it('writes once when the session expires just before a write', async () => {
    const org = server.open(await personConnection());
    await server.control('POST', '/tokens/expire');
    expect(await org.insert({ object, records: [{ Name: 'Late', Snappt_Property_ID__c: 'late' }] }, signal)).toMatchObject([{ ok: true }]);
    expect(await count(org)).toBe(10);
  });

  it('gives up after one renewal when calls are refused for ever', async () => {
    await server.control('POST', '/faults', { match: { path: '/query|/composite' }, times: -1, action: { unauthorized: true } });
    const org = server.open(server.connect.password);
    expect((await failureOf(count(org))).error.code).toBe('not-signed-in');
    expect(await tokenCalls()).toBe(2);
    const write = org.insert({ object, records: [{ Name: 'No', Snappt_Property_ID__c: 'no' }] }, signal);
    expect((await failureOf(write)).error.code).toBe('not-signed-in');
    expect(await server.control('GET', '/journal')).toMatchObject({ last: 0 });
  });

  it('asks only once with a wrong password, so that the user is not locked out', async () => {
    const org = server.open({ ...server.connect.password, password: 'wrong' });
    const failures = await Promise.all([1, 2, 3].map(() => failureOf(count(org))));
    failures.push(await failureOf(org.identity(signal)));
    expect(new Set(failures.map((failure) => failure.error.code))).toEqual(new Set(['not-signed-in']));
    expect(await tokenCalls()).toBe(1);
  });

  it('says that a wrong password was refused, also over SOAP', async () => {
    const org = server.open({ ...server.connect.soap, password: 'wrong' });
    const failure = await failureOf(count(org));
    expect(failure.error).toMatchObject({ code: 'not-signed-in', details: { code: 'INVALID_LOGIN' } });
  });

  it('asks for a client id when SOAP can no longer sign in', async () => {
    const org = server.open(server.connect.soap, { apiVersion: '65.0' });
    expect((await failureOf(count(org))).error).toMatchObject({ code: 'not-signed-in', message: expect.stringContaining('client id') });
  });

  it('says that a refresh token was revoked', async () => {
    const org = server.open(await personConnection());
    await server.control('POST', '/tokens/revoke');
    expect((await failureOf(count(org))).error.code).toBe('not-signed-in');
    expect((await failureOf(count(org))).error.code).toBe('not-signed-in');
  });

  it('signs in by password when the refresh token is refused', async () => {
    const org = server.open({ ...server.connect.password, ...(await personConnection()) });
    await server.control('POST', '/tokens/revoke');
    expect(await count(org)).toBe(9);
  });

  it('says that nobody is signed in when there is nothing to sign in with', async () => {
    const org = server.open({ instanceUrl: server.simulated.url });
    expect((await failureOf(org.identity(signal))).error.code).toBe('not-signed-in');
  });

  it('says that a server which is not there cannot be reached', async () => {
    const org = server.open(server.connect.password);
    await server.simulated.close();
    expect((await failureOf(org.identity(signal))).error.code).toBe('org-unavailable');
    const write = org.insert({ object, records: [{ Name: 'No', Snappt_Property_ID__c: 'no' }] }, signal);
    await expect(write).rejects.toMatchObject({ name: 'OrgCallError', effect: 'not-processed', retryable: true });
  });
});
