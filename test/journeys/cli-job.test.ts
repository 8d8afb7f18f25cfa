import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, dumpOrg } from './org-dump.ts';
import { makeSample, removeWorkspace, runCli, startServer, stopServer } from './open-app.ts';

interface Field {
  field: string;
  before: unknown;
  after: unknown;
  change: string;
}
interface Item {
  key: string;
  kind: 'create' | 'update';
  name: string | null;
  fields: Field[];
}

/** The fields that a pending change would send, with their proposed values. */
function proposed(item: Item): Record<string, unknown> {
  return Object.fromEntries(item.fields.filter(({ change }) => ['filled', 'changed', 'cleared'].includes(change)).map(({ field, after }) => [field, after]));
}

describe('the main job on the sample, by the command line', () => {
  let folder: string;
  let org: { child: ChildProcess; url: string };
  let items: Item[];

  beforeAll(async () => {
    folder = await makeSample();
    org = await startServer(folder, ['org', 'serve']);
  }, 120_000);

  afterAll(async () => {
    await stopServer(org.child);
    removeWorkspace(folder);
  });

  it('loads exactly the pending sets of the rollout', async () => {
    const { code, json } = await runCli(folder, ['refresh']);
    expect(code).toBe(0);
    expect(json).toMatchObject({ creates: 1081, updates: 7980, p1: 507, featureMismatches: 799, multiPropertyMembers: 2410, added: 9061, changed: 0, removed: 0 });
  });

  it('explains Park Kennedy from the ACTIVE property only', async () => {
    const found = await runCli(folder, ['pending', '--search', 'Park Kennedy']);
    const [item] = found.json['items'] as { key: string; kind: string }[];
    const shown = await runCli(folder, ['show', item!.key]);
    const contributors = shown.json['contributors'] as { id: string }[];
    const ignored = shown.json['ignored'] as { id: string; status: string }[];
    expect(contributors).toHaveLength(1);
    expect(ignored.map((property) => property.status)).toEqual(['DISABLED']);
    const changed = (shown.json['fields'] as (Field & { winner: string | null })[]).filter((field) => field.change !== 'equal');
    expect(changed.map((field) => field.field).sort()).toEqual(
      ['Address__c', 'Bank_Linking_Enabled_At__c', 'Bank_Linking_Enabled__c', 'Identity_Verification_Enabled_At__c', 'Identity_Verification_Enabled__c'].sort(),
    );
    for (const field of changed) expect(field.winner).toBe(contributors[0]!.id);
  });

  it('pushes a pilot of 50 creates and 50 updates exactly as approved', async () => {
    const created = await runCli(folder, ['batch', 'create', 'Pilot 1', '--pilot', '50+50', '--seed', '7']);
    const batch = created.json['batch'] as { id: string; creates: number; updates: number };
    expect(batch).toMatchObject({ creates: 50, updates: 50 });
    items = (await runCli(folder, ['pending', '--full', '--limit', '20000'])).json['items'] as Item[];
    const before = await dumpOrg(org.url);

    const early = await runCli(folder, ['push', batch.id]);
    expect(early.code).toBe(3);
    const submitted = await runCli(folder, ['batch', 'submit', batch.id]);
    const plan = submitted.json['plan'] as { hash: string; creates: number; updates: number };
    expect(plan).toMatchObject({ creates: 50, updates: 50 });
    const approved = await runCli(folder, ['batch', 'approve', batch.id, '--expect', plan.hash, '--as', 'Admin B']);
    expect(approved.json['state']).toBe('approved');
    const pushed = await runCli(folder, ['push', batch.id]);
    expect(pushed.json).toMatchObject({ planned: 100, succeeded: 100, failed: 0, stale: 0, skipped: 0, unknown: 0, notSent: 0 });
    expect(pushed.code).toBe(0);

    const listed = (await runCli(folder, ['outcomes', batch.id])).json['items'] as { key: string; outcome: string }[];
    const members = new Set(listed.map((record) => record.key));
    expect(members.size).toBe(100);
    const after = await dumpOrg(org.url);
    expect(items.filter((item) => members.has(item.key)).flatMap((item) => differences(item.key, proposed(item), after))).toEqual([]);
    const touched = [...after].filter(([key, record]) => before.get(key)?.['SystemModstamp'] !== record['SystemModstamp']).map(([key]) => key);
    expect(touched.filter((key) => !members.has(key))).toEqual([]);

    const again = await runCli(folder, ['push', batch.id]);
    expect(again.code).toBe(3);
    const verified = await runCli(folder, ['audit', 'verify']);
    expect(verified).toMatchObject({ code: 0, json: { ok: true } });
  });

  it('pushes all the rest with the fewest write calls, after which nothing is pending', async () => {
    const refreshed = await runCli(folder, ['refresh']);
    expect(refreshed.json).toMatchObject({ creates: 1031, updates: 7930 });
    const rest = (await runCli(folder, ['pending', '--full', '--limit', '20000'])).json['items'] as Item[];
    await runCli(folder, ['decide', '--filter', '', '--approve']);
    const created = await runCli(folder, ['batch', 'create', 'Full 1', '--all-approved']);
    const batch = created.json['batch'] as { id: string; creates: number; updates: number };
    expect(batch).toMatchObject({ creates: 1031, updates: 7930 });
    expect((await runCli(folder, ['batch', 'submit', batch.id])).code).toBe(0);
    expect((await runCli(folder, ['batch', 'approve', batch.id])).code).toBe(0);
    const writesBefore = ((await (await fetch(`${org.url}/_control/calls`)).json()) as { writes: number }).writes;
    const pushed = await runCli(folder, ['push', batch.id, '--mode', 'collections']);
    expect(pushed.json).toMatchObject({ planned: 8961, succeeded: 8961, failed: 0, unknown: 0, notSent: 0 });
    const writesAfter = ((await (await fetch(`${org.url}/_control/calls`)).json()) as { writes: number }).writes;
    expect(writesAfter - writesBefore).toBe(Math.ceil(1031 / 200) + Math.ceil(7930 / 200));
    const full = await dumpOrg(org.url);
    expect(rest.flatMap((item) => differences(item.key, proposed(item), full))).toEqual([]);
    const last = await runCli(folder, ['refresh']);
    expect(last.json).toMatchObject({ creates: 0, updates: 0 });
  }, 240_000);
});
