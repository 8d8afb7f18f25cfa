import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import type { JsforceOrgOptions } from '../../../electron/adapters/salesforce/org-calls.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import { answerJson, startScriptedServer, type Asked, type ScriptedServer } from './scripted-server.ts';

const object = 'Product_Property__c';
const keyField = 'Snappt_Property_ID__c';
const signal = new AbortController().signal;
const accessToken = '00Dcanary!secret.access.token';
const id = (index: number): string => `a0P${String(index).padStart(12, '0')}AAA`;
const description = {
  name: object,
  createable: true,
  updateable: true,
  deletable: true,
  fields: ['Id', 'Name', keyField].map((name) => ({ name, label: name, type: 'string', length: 80, nillable: true, createable: true, updateable: true })),
};

describe('answers that no org gives', () => {
  const servers: ScriptedServer[] = [];
  const serve = async (answer: (asked: Asked, response: ServerResponse) => void): Promise<ScriptedServer> => {
    const server = await startScriptedServer((asked, response) => {
      if (asked.path.endsWith('/describe')) return answerJson(response, description);
      return answer(asked, response);
    });
    servers.push(server);
    return server;
  };
  const open = (server: ScriptedServer, more: Partial<JsforceOrgOptions> = {}): Org =>
    jsforceOrg({ connection: { instanceUrl: server.url, accessToken }, apiVersion: '64.0', sleep: async () => {}, ...more });
  const insert = (org: Org, count: number): Promise<unknown> =>
    org.insert({ object, records: Array.from({ length: count }, (_, index) => ({ Name: 'x', [keyField]: `k${index}` })) }, signal);
  const errorOf = async (work: Promise<unknown>): Promise<Error> =>
    work.then(
      () => new Error('it went well'),
      (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
    );

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  const writeAnswers: [string, unknown][] = [
    ['too few results', [{ id: id(1), success: true, errors: [] }]],
    ['too many results', [1, 2, 3].map((index) => ({ id: id(index), success: true, errors: [] }))],
    ['a result without success', [{ id: id(1), success: true, errors: [] }, { id: id(2), errors: [] }]],
    ['a success without an id', [{ id: id(1), success: true, errors: [] }, { success: true, errors: [] }]],
    ['one id for two records', [1, 1].map((index) => ({ id: id(index), success: true, errors: [] }))],
    ['success as a text', [1, 2].map((index) => ({ id: id(index), success: 'true', errors: [] }))],
    ['a single object', { id: id(1), success: true, errors: [] }],
    ['an error list with status 200', [{ errorCode: 'X', message: 'y' }, { errorCode: 'X', message: 'y' }]],
    ['null', null],
    ['nothing', undefined],
  ];

  it.each(writeAnswers)('%s to a write of two records leaves their effect unknown', async (_name, answer) => {
    const server = await serve((_asked, response) => (answer === undefined ? void response.writeHead(204).end() : answerJson(response, answer)));
    const error = await errorOf(insert(open(server), 2));
    expect(error).toMatchObject({ name: 'OrgCallError', effect: 'unknown', code: 'UNREADABLE_ANSWER', retryable: false });
    expect(server.asked.filter((asked) => asked.method === 'POST')).toHaveLength(1);
  });

  it('a result that names another record than the one updated leaves the effect unknown', async () => {
    const server = await serve((_asked, response) => answerJson(response, [{ id: id(2), success: true, errors: [] }]));
    const update = open(server).update({ object, records: [{ Id: id(1), Name: 'x' }] }, signal);
    expect(await errorOf(update)).toMatchObject({ effect: 'unknown', code: 'UNREADABLE_ANSWER' });
  });

  const brokenBodies: [string, (response: ServerResponse) => void][] = [
    [
      'breaks off',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
        response.write('[{"id":"', () => response.destroy());
      },
    ],
    ['is no UTF-8', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0x5b, 0xff, 0x5d]))],
    ['is XML', (response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end('<broken')],
  ];

  it.each(brokenBodies)('a body that %s leaves the effect of a write unknown', async (_name, answer) => {
    const server = await serve((_asked, response) => answer(response));
    expect(await errorOf(insert(open(server), 1))).toMatchObject({ name: 'OrgCallError', effect: 'unknown' });
  });

  it('a body that stalls is given up at the deadline', async () => {
    const server = await serve((_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('[');
    });
    const org = open(server, { timeoutMs: 50 });
    expect(await errorOf(insert(org, 1))).toMatchObject({ effect: 'unknown', code: 'TIMEOUT' });
    expect(await errorOf(org.countRecords(object, signal))).toMatchObject({ error: { code: 'org-unavailable', details: { code: 'TIMEOUT' } } });
  });

  it('an upload has more time the larger it is', async () => {
    const server = await serve((asked, response) => {
      const text = asked.method === 'PUT' ? '' : '{}';
      setTimeout(() => response.writeHead(asked.method === 'PUT' ? 201 : 200, { 'content-type': 'application/json' }).end(text), 500);
    });
    const { bulk } = open(server, { timeoutMs: 50 });
    expect(await errorOf(bulk.create({ object, operation: 'insert' }, signal))).toMatchObject({ effect: 'unknown', code: 'TIMEOUT' });
    await bulk.upload({ jobId: '750000000000001AAA', records: Array.from({ length: 10_000 }, (_, index) => ({ Name: `${index} ${'x'.repeat(200)}` })) }, signal);
    const [upload] = server.asked.filter((asked) => asked.method === 'PUT');
    expect(upload).toMatchObject({ path: '/services/data/v64.0/jobs/ingest/750000000000001AAA/batches', headers: { 'content-type': 'text/csv; charset=UTF-8' } });
    expect(upload?.body.split('\n').slice(0, 2)).toEqual(['Name', `"0 ${'x'.repeat(200)}"`]);
  });

  it('never follows a redirect, so the token goes to no other server', async () => {
    const thief = await serve((_asked, response) => answerJson(response, []));
    const server = await serve((_asked, response) => void response.writeHead(302, { location: `${thief.url}/steal` }).end());
    const org = open(server);
    expect(await errorOf(insert(org, 1))).toMatchObject({ effect: 'unknown', code: 'REDIRECT' });
    expect(await errorOf(org.countRecords(object, signal))).toMatchObject({ error: { code: 'org-unavailable' } });
    expect(thief.asked).toEqual([]);
  });

  it('follows only the name of a query cursor, not an address', async () => {
    const thief = await serve((_asked, response) => answerJson(response, {}));
    const server = await serve((asked, response) => {
      const isFirst = asked.path.endsWith('/query');
      const record = { attributes: {}, Id: id(isFirst ? 1 : 2), Name: 'x' };
      answerJson(response, { totalSize: 2, done: !isFirst, ...(isFirst ? { nextRecordsUrl: `${thief.url}/services/data/v64.0/query/01gNEXT-2000` } : {}), records: [record] });
    });
    const pages = [];
    for await (const page of open(server).scan({ object, fields: ['Name'] }, signal)) pages.push(page.map((record) => record.Id));
    expect(pages).toEqual([[id(1)], [id(2)]]);
    expect(server.asked.map((asked) => asked.path.split('/').at(-1))).toEqual(['describe', 'query', '01gNEXT-2000']);
    expect(thief.asked).toEqual([]);
  });

  const pages: [string, unknown][] = [
    ['fewer records than announced', { totalSize: 2, done: true, records: [{ Id: id(1), Name: 'x' }] }],
    ['more records than announced', { totalSize: 0, done: true, records: [{ Id: id(1), Name: 'x' }] }],
    ['an unfinished page without a next one', { totalSize: 2, done: false, records: [{ Id: id(1), Name: 'x' }] }],
    ['a record without a field asked for', { totalSize: 1, done: true, records: [{ Id: id(1) }] }],
    ['a field that is an object', { totalSize: 1, done: true, records: [{ Id: id(1), Name: { a: 1 } }] }],
    ['a record that is null', { totalSize: 1, done: true, records: [null] }],
  ];

  it.each(pages)('%s ends a read, since it would be read wrongly', async (_name, page) => {
    const server = await serve((_asked, response) => answerJson(response, page));
    const read = async (): Promise<void> => {
      for await (const records of open(server).scan({ object, fields: ['Name'] }, signal)) expect(records).toHaveLength(1);
    };
    expect(await errorOf(read())).toMatchObject({ error: { code: 'org-unavailable', details: { code: 'UNREADABLE_ANSWER' } } });
  });

  it('does not take another record for the one asked for by id', async () => {
    const server = await serve((_asked, response) => answerJson(response, [{ Id: id(2), Name: 'x' }]));
    expect(await errorOf(open(server).readByIds({ object, ids: [id(1)], fields: ['Name'] }, signal))).toMatchObject({ error: { code: 'org-unavailable' } });
  });

  it('Row 40: takes over no key of a record that was not asked for', async () => {
    const server = await serve((_asked, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"totalSize":1,"done":true,"records":[{"Id":"${id(1)}","Name":"x","__proto__":{"isAdmin":true},"extra":1}]}`),
    );
    for await (const [record] of open(server).scan({ object, fields: ['Name'] }, signal)) {
      expect(record).toEqual({ Id: id(1), Name: 'x' });
      expect(Reflect.get(record ?? {}, 'isAdmin')).toBeUndefined();
    }
  });

  it('takes no record whose key differs in letter case from those asked for', async () => {
    const records = ['Key-1', 'key-1', 'KEY-1'].map((key, index) => ({ Id: id(index), [keyField]: key }));
    const server = await serve((_asked, response) => answerJson(response, { totalSize: 3, done: true, records }));
    const found = await open(server).readByKeys({ object, keyField, keys: ['key-1', 'other'], fields: [] }, signal);
    expect(found).toEqual([{ Id: id(1), [keyField]: 'key-1' }]);
  });

  it('asks the identity address at the instance when user info is refused', async () => {
    const organization = { Id: '00D000000000001EAA', Name: 'Acme', IsSandbox: false, OrganizationType: 'Enterprise Edition' };
    const server = await serve((asked, response) => {
      if (asked.path.endsWith('/userinfo')) return answerJson(response, [{ errorCode: 'INSUFFICIENT_SCOPE', message: 'no' }], 403);
      if (asked.path.endsWith('/query')) return answerJson(response, { totalSize: 1, done: true, records: [organization] });
      if (asked.path === '/id/00D000000000001EAA/005000000000001AAA') {
        return answerJson(response, { user_id: '005000000000001AAA', organization_id: organization.Id, username: 'ann@acme.example' });
      }
      return answerJson(response, { identity: 'https://login.salesforce.com/id/00D000000000001EAA/005000000000001AAA' });
    });
    expect(await open(server).identity(signal)).toEqual({
      orgId: organization.Id,
      orgName: 'Acme',
      isProduction: true,
      userId: '005000000000001AAA',
      username: 'ann@acme.example',
      instanceUrl: server.url,
      apiVersion: '64.0',
    });
  });

  it('knows an expired session by the words of the identity addresses', async () => {
    const organization = { Id: '00D000000000001EAA', Name: 'Acme', IsSandbox: true, OrganizationType: null };
    const server = await serve((asked, response) =>
      asked.path.endsWith('/userinfo') ? void response.writeHead(403).end('Bad_OAuth_Token') : answerJson(response, { totalSize: 1, done: true, records: [organization] }),
    );
    expect(await errorOf(open(server).identity(signal))).toMatchObject({ error: { code: 'not-signed-in' } });
  });

  it('tells Salesforce which client calls and asks it to override no duplicate rule', async () => {
    const server = await serve((_asked, response) => answerJson(response, [{ id: id(1), success: true, errors: [] }]));
    await insert(open(server), 1);
    const [{ headers, body }] = server.asked as [Asked];
    expect(headers).toMatchObject({ 'sforce-call-options': 'client=Countersign', authorization: `Bearer ${accessToken}` });
    expect(Object.keys(headers)).not.toContain('sforce-duplicate-rule-header');
    expect(JSON.parse(body)).toEqual({ allOrNone: false, records: [{ attributes: { type: object }, Name: 'x', [keyField]: 'k0' }] });
  });

  it('shows no token, even when the server repeats it', async () => {
    const server = await serve((asked, response) => answerJson(response, [{ errorCode: 'BAD', message: `bad ${asked.headers.authorization}` }], 400));
    const org = open(server);
    const errors = [await errorOf(insert(org, 1)), await errorOf(org.countRecords(object, signal))];
    for (const error of errors) {
      const shown = error instanceof AppFailure ? JSON.stringify(error.error) : '';
      expect(`${error.message} ${shown} ${error.stack}`).not.toContain('canary');
    }
    expect(errors[0]?.message).toContain('[redacted]');
  });

  it('reports each call without its query', async () => {
    const server = await serve((_asked, response) => answerJson(response, { totalSize: 3, done: true, records: [] }));
    const facts: unknown[] = [];
    await open(server, { onCall: (one) => facts.push(one) }).countRecords(object, signal);
    expect(facts).toEqual([{ method: 'GET', path: '/services/data/v64.0/query', status: 200, ms: expect.any(Number), write: false }]);
  });
});
