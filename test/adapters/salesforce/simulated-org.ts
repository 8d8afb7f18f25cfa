import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import type { JsforceOrgOptions } from '../../../electron/adapters/salesforce/org-calls.ts';
import type { OrgConnection } from '../../../electron/adapters/salesforce/org-connection.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import { createOrgFile, type OrgSeedRecord } from '../../../electron/sample/org/org-file.ts';
import { startOrg, type SimulatedOrg, type StartOrgOptions } from '../../../electron/sample/org/start-org.ts';

export interface OrgServer {
  simulated: SimulatedOrg;
  /** Every way to sign in to it. */
  connect: Record<'password' | 'soap' | 'client-credentials', OrgConnection>;
  open(connection: OrgConnection, options?: Partial<JsforceOrgOptions>): Org;
  /** Calls the control endpoint. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  signInPerson(): Promise<{ accessToken: string; refreshToken: string }>;
  close(): Promise<void>;
}

function seedRecord(index: number): OrgSeedRecord {
  return {
    Id: `a0P${String(index).padStart(12, '0')}`,
    IsDeleted: index % 10 === 9,
    Name: `Property ${index}`,
    Snappt_Property_ID__c: `seed-${index}`,
    SF_Property_ID__c: null,
    Address__c: null,
    City__c: 'Austin',
    State__c: 'TX',
    Zip__c: null,
    Company_ID__c: null,
    Company_Name__c: null,
    Identity_Verification_Enabled__c: false,
    Bank_Linking_Enabled__c: true,
    Payroll_Linking_Enabled__c: false,
    Income_Verification_Enabled__c: false,
    Fraud_Detection_Enabled__c: false,
    Identity_Verification_Enabled_At__c: null,
    Bank_Linking_Enabled_At__c: '2026-01-01T00:00:00.000Z',
    Payroll_Linking_Enabled_At__c: null,
    Income_Verification_Enabled_At__c: null,
    Fraud_Detection_Enabled_At__c: null,
    // Long ago, so that a change of now is told from it: Salesforce compares whole seconds.
    LastModifiedDate: '2026-01-01T00:00:00Z',
  };
}

/** Signs a person in by authorization code. */
export async function signInPerson({ url, credentials: { clientId } }: SimulatedOrg): Promise<{ accessToken: string; refreshToken: string }> {
  const verifier = 'v'.repeat(64);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const redirect = 'http://127.0.0.1:1717/OauthRedirect';
  const asked = new URLSearchParams({ response_type: 'code', client_id: clientId, redirect_uri: redirect, code_challenge: challenge, code_challenge_method: 'S256' });
  const page = await fetch(`${url}/services/oauth2/authorize?${asked}`, { redirect: 'manual' });
  const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const form = new URLSearchParams({ grant_type: 'authorization_code', code, client_id: clientId, redirect_uri: redirect, code_verifier: verifier });
  const answer = (await (await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: form })).json()) as Record<string, string>;
  return { accessToken: answer['access_token'] ?? '', refreshToken: answer['refresh_token'] ?? '' };
}

/** Starts a simulated org in a folder of its own; of `seedRecords` records nine in ten are live. */
export async function startOrgServer(options: { seedRecords?: number; org?: Partial<StartOrgOptions> } = {}): Promise<OrgServer> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-org-'));
  const file = join(folder, 'org.db');
  createOrgFile({ file, records: Array.from({ length: options.seedRecords ?? 0 }, (_, index) => seedRecord(index)) });
  const simulated = await startOrg({ file, ...options.org });
  const { username, password, clientId, clientSecret } = simulated.credentials;
  const opened: Org[] = [];
  const loginUrl = simulated.url;
  return {
    simulated,
    connect: {
      password: { loginUrl, username, password, clientId, clientSecret },
      soap: { loginUrl, username, password },
      'client-credentials': { loginUrl, clientId, clientSecret },
    },
    open: (connection, more = {}) => {
      const org = jsforceOrg({ connection, apiVersion: '64.0', sleep: async () => {}, ...more });
      opened.push(org);
      return org;
    },
    control: async (method, path, body) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const response = await fetch(`${simulated.url}/_control${path}`, { method, ...sent });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    signInPerson: () => signInPerson(simulated),
    close: async () => {
      await Promise.all(opened.map((org) => org.close()));
      await simulated.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
