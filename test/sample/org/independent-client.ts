import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOrgFile, type OrgFileOptions, type OrgSeedRecord } from '../../../electron/sample/org/org-file.ts';
import { startOrg, type SimulatedOrg, type StartOrgOptions } from '../../../electron/sample/org/start-org.ts';

export type Json = any; // oxlint-disable-line typescript/no-explicit-any -- replies of a foreign API

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Json;
}

/** A staging record as an org starts with it. */
export function seedRecord(overrides: Partial<OrgSeedRecord> = {}): OrgSeedRecord {
  return {
    Id: 'a0P000000000001AAA',
    IsDeleted: false,
    Name: 'Park Kennedy',
    Snappt_Property_ID__c: 'prop-1',
    SF_Property_ID__c: null,
    Address__c: '1901 C St SE',
    City__c: 'Washington',
    State__c: 'DC',
    Zip__c: '20003',
    Company_ID__c: 'co-1',
    Company_Name__c: 'Kennedy Homes',
    Identity_Verification_Enabled__c: true,
    Identity_Verification_Enabled_At__c: '2025-03-01T10:20:30.654321Z',
    Bank_Linking_Enabled__c: false,
    Bank_Linking_Enabled_At__c: null,
    Payroll_Linking_Enabled__c: false,
    Payroll_Linking_Enabled_At__c: null,
    Income_Verification_Enabled__c: false,
    Income_Verification_Enabled_At__c: null,
    Fraud_Detection_Enabled__c: false,
    Fraud_Detection_Enabled_At__c: null,
    LastModifiedDate: '2026-01-01T00:00:00Z',
    ...overrides,
  };
}

/** That many live staging records with keys `prop-1`, `prop-2`, … */
export function seedRecords(count: number): OrgSeedRecord[] {
  return Array.from({ length: count }, (_, index) =>
    seedRecord({
      Id: `a0P${String(index + 1).padStart(12, '0')}`,
      Name: `Property ${String(index + 1).padStart(5, '0')}`,
      Snappt_Property_ID__c: `prop-${index + 1}`,
      City__c: index % 2 === 0 ? 'Austin' : 'Boston',
    }),
  );
}

export interface OrgUnderTest {
  org: SimulatedOrg;
  file: string;
  /** Calls without a token. */
  open: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** Calls with the token of a user who signed in with a password. */
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  query: (soql: string) => Promise<Answer>;
  fault: (fault: unknown) => Promise<void>;
  journal: () => Promise<Json[]>;
  restart: (options?: Partial<StartOrgOptions>) => Promise<OrgUnderTest>;
  close: () => Promise<void>;
}

/** `/services/data/v64.0`, the version the tests speak. */
export const base = '/services/data/v64.0';

async function connect(file: string, options: Partial<StartOrgOptions>, folder: string): Promise<OrgUnderTest> {
  const org = await startOrg({ file, ...options });
  const send = async (method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> => {
    const isText = typeof body === 'string' || body instanceof URLSearchParams;
    const response = await fetch(org.url + path, {
      method,
      redirect: 'manual',
      headers: { ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
    return { status: response.status, headers: response.headers, text, json: isJson && text !== '' ? JSON.parse(text) : undefined };
  };
  const { credentials } = org;
  const signIn = await send(
    'POST',
    '/services/oauth2/token',
    new URLSearchParams({
      grant_type: 'password',
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      username: credentials.username,
      password: credentials.password,
    }),
    {},
  );
  const bearer = { authorization: `Bearer ${signIn.json.access_token}` };
  const call: OrgUnderTest['call'] = (method, path, body, headers = {}) => send(method, path, body, { ...bearer, ...headers });
  return {
    org,
    file,
    open: (method, path, body, headers = {}) => send(method, path, body, headers),
    call,
    query: (soql) => call('GET', `${base}/query?q=${encodeURIComponent(soql)}`),
    fault: async (fault) => {
      const added = await send('POST', '/_control/faults', fault, {});
      if (added.status !== 201) throw new Error(added.text);
    },
    journal: async () => (await send('GET', '/_control/journal?limit=10000', undefined, {})).json.entries,
    restart: async (more = {}) => {
      await org.close();
      return connect(file, { ...options, ...more }, folder);
    },
    close: async () => {
      await org.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an org in a temporary folder and serves it. */
export async function orgUnderTest(
  records: Iterable<OrgSeedRecord> = [],
  options: Partial<StartOrgOptions> = {},
  file: Partial<OrgFileOptions> = {},
): Promise<OrgUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-org-'));
  const path = join(folder, 'org.db');
  createOrgFile({ file: path, seed: 'test', records, ...file });
  return connect(path, options, folder);
}

/** A record of a collections call. */
export const staged = (fields: Record<string, unknown>): Record<string, unknown> => ({
  attributes: { type: 'Product_Property__c' },
  ...fields,
});
