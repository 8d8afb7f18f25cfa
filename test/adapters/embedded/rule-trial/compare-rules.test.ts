import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProductPropertyCsv } from '../../../../electron/adapters/embedded/csv-source.ts';
import { RuleComparison, type Comparison } from '../../../../electron/adapters/embedded/rule-trial/compare-rules.ts';
import { draftRule } from '../../../../electron/adapters/embedded/rule-trial/draft-rule.ts';
import { textAsIs, type DraftText } from '../../../../electron/adapters/embedded/rule-trial/trial-views.ts';
import { openDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import { whatIfViews, type WhatIfRecord, type WhatIfProgress, type WhatIfView } from '../../../../shared/domain/what-if.ts';
import { mapping, openTestWorkspace, type TestWorkspace } from '../../../core/snapshot/workspace.ts';
import { heldByOrg, randomSource } from '../../../warehouse-views/random-source.ts';
import { feature, property, staged, writeSource, type Source } from '../../../warehouse-views/view-fixture.ts';

const aggregated = 'properties_aggregated_by_sfdc_id';
const edited = (view: WhatIfView, from: string, to: string): DraftText => {
  expect(textAsIs(view)).toContain(from);
  return { view, sql: textAsIs(view).replace(from, () => to) };
};
const byPrimary = (field: string): DraftText => ({ view: aggregated, sql: draftRule(textAsIs(aggregated), mapping, field, 'primary') });

interface Compared extends Comparison {
  records: WhatIfRecord[];
  progress: WhatIfProgress[];
}

function compare(folder: string, draft: DraftText): Compared {
  const comparison = new RuleComparison();
  const progress: WhatIfProgress[] = [];
  try {
    const result = comparison.run(join(folder, 'cache.db'), draft, (step) => progress.push(step));
    const records: WhatIfRecord[] = [];
    let after: string | undefined;
    do {
      const page = comparison.records({ limit: 7, after });
      expect(page.total).toBe(result.enter + result.leave + result.change);
      records.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined);
    for (const state of ['enter', 'leave', 'change'] as const) expect(comparison.records({ state, limit: 5_000 }).items).toEqual(records.filter((record) => record.state === state));
    for (const { field, count } of result.kinds) expect(comparison.records({ field, limit: 1 }).total).toBeGreaterThanOrEqual(count);
    return { ...result, records, progress };
  } finally {
    comparison.close();
  }
}

function failureOf(folder: string, draft: DraftText): AppFailure['error'] {
  try {
    compare(folder, draft);
  } catch (error) {
    if (error instanceof AppFailure) return error.error;
    throw error;
  }
  throw new Error('The draft was run.');
}

/** Both sums, and every record once and with something to show. */
function addsUp({ a, b, unchanged, enter, leave, change, kinds, records }: Compared): void {
  expect([unchanged + change + leave, unchanged + change + enter]).toEqual([a.total, b.total]);
  expect([a.creates + a.updates, b.creates + b.updates]).toEqual([a.total, b.total]);
  expect(new Set(records.map(({ kind, key }) => `${kind} ${key}`)).size).toBe(records.length);
  const silent = records.filter(({ fields, isBeforeKnown, inA, inB, kind }) => fields.length === 0 && isBeforeKnown && inA && inB && kind === 'update');
  expect(silent).toEqual([]);
  for (const { field, example } of kinds) {
    const alike = records.filter((record) => record.fields.some((one) => one.field === field) || field === 'record');
    expect(alike).toContainEqual(expect.objectContaining(example));
  }
}

describe('on the sample', () => {
  let ws: TestWorkspace;
  beforeAll(async () => {
    ws = await openTestWorkspace({ sample: undefined });
    await ws.refresh();
  });
  afterAll(() => ws.close());

  it('plan A is the snapshot, and the same text as plan B gives nothing at all', () => {
    for (const view of whatIfViews) {
      const same = compare(ws.folder, { view, sql: textAsIs(view) });
      expect(same).toMatchObject({ a: { creates: 1_081, updates: 7_980, total: 9_061, p1: 507, p2: 799 }, unchanged: 9_061, enter: 0, leave: 0, change: 0, unknown: 0, kinds: [], records: [] });
      expect(same.b).toEqual(same.a);
    }
  });

  it('any -> primary changes exactly the records that a query of its own finds', () => {
    const found = compare(ws.folder, byPrimary('Identity_Verification_Enabled__c'));
    const source = openDatabase(join(ws.folder, 'warehouse.db'), { durability: 'off', readonly: true });
    const active = source
      .prepare(
        `SELECT p.id, SUBSTR(TRIM(p.sfdc_id), 1, 15) AS grp, p.updated_at AS at,
           EXISTS (SELECT 1 FROM property_features f WHERE f.property_id = p.id AND f.feature_code = 'identity_verification' AND f.enabled) AS has
         FROM (SELECT *, MAX(updated_at) FROM properties GROUP BY id) p WHERE p.status = 'ACTIVE' AND LENGTH(TRIM(p.sfdc_id)) IN (15, 18)`,
      )
      .all() as { id: string; grp: string; at: string | null; has: number }[];
    source.close();
    const hidden = new Set(
      [...Map.groupBy(active, ({ grp }) => grp)].flatMap(([group, members]) => {
        const [primary] = members.toSorted((one, other) => (other.at ?? '').localeCompare(one.at ?? '') || (one.id < other.id ? -1 : 1));
        return primary?.has === 0 && members.some(({ has }) => has === 1) ? [group] : [];
      }),
    );
    const cache = openDatabase(join(ws.folder, 'cache.db'), { durability: 'off', readonly: true });
    const expected = (cache.prepare('SELECT kind, key, group_key FROM candidate ORDER BY kind, key').all() as { kind: string; key: string; group_key: string | null }[]).filter(({ group_key }) => group_key !== null && hidden.has(group_key));
    cache.close();
    expect(found.records.map(({ kind, key }) => `${kind} ${key}`)).toEqual(expected.map(({ kind, key }) => `${kind} ${key}`));
    expect(expected.length).toBeGreaterThan(10);
    expect(found.kinds).toEqual([expect.objectContaining({ field: 'Identity_Verification_Enabled__c', a: 'TRUE', b: 'FALSE', count: expected.length })]);
    addsUp(found);
  });

  it('tells each step and how many rows it is at', () => {
    const { progress } = compare(ws.folder, byPrimary('Fraud_Detection_Enabled__c'));
    expect([...new Set(progress.map(({ step }) => step))]).toEqual(['load', 'plan-a', 'plan-b', 'compare']);
    expect(progress.some(({ step, done }) => step === 'plan-a' && done > 5_000)).toBe(true);
  });

  it('a view without rows lets all its records leave, and a dropped condition lets others enter', () => {
    const none = compare(ws.folder, { view: 'properties_to_create', sql: `SELECT * FROM (${textAsIs('properties_to_create')}\n) WHERE 1 = 0` });
    expect(none).toMatchObject({ leave: 1_081, enter: 0, change: 0, b: { creates: 0, updates: 7_980 } });
    expect(none.rows).toMatchObject([{ view: aggregated }, { view: 'properties_to_create', a: 1_081, b: 0 }, { view: 'properties_to_update' }]);
    expect([none.rows[0]?.b === none.rows[0]?.a, none.rows[2]?.b === none.rows[2]?.a, (none.rows[2]?.a ?? 0) >= 7_980]).toEqual([true, true, true]);
    const wide = compare(ws.folder, edited('properties_to_create', 'WHERE e.is_active AND e.sfdc_key IS NULL', 'WHERE e.sfdc_key IS NULL'));
    expect([wide.leave, wide.change, wide.enter > 50, wide.unknown]).toEqual([0, 0, true, 0]);
    expect(wide.kinds.map(({ example }) => example.state)).toEqual(wide.kinds.map(() => 'enter'));
    expect(wide.records.every(({ state, inA, fields }) => state === 'enter' && !inA && fields.every(({ a }) => a === null))).toBe(true);
    addsUp(wide);
  });

  it.each([
    ['a slip of the grammar', edited('properties_to_create', 'represented AS (', 'represented IS ('), { place: 'represented IS (', sqlite: 'near "IS": syntax error' }],
    ['a column that is not there', edited('properties_to_update', 'e.fraud_detection_enabled_at,', 'e.fraud_seen_at,'), { place: 'e.fraud_seen_at', sqlite: 'no such column: e.fraud_seen_at' }],
    ['an output column too few and one too many', edited(aggregated, '  g.sfdc_id,\n', '  g.sfdc_id AS salesforce_id,\n'), { missing: ['sfdc_id'], extra: ['salesforce_id'] }],
    ['a table by its bare name', edited('properties_to_create', '{{product_property}}', 'product_property'), { sqlite: 'no such table: product_property' }],
    ['a source that is not kept', edited(aggregated, '{{rds_properties_enriched}}', '{{property_features}}'), { place: '{{property_features}}' }],
    ['a view that reads itself', { view: aggregated, sql: 'SELECT * FROM {{properties_aggregated_by_sfdc_id}}' }, { place: 'SELECT' }],
  ] as [string, DraftText, { place?: string }][])('%s is told with its place', (_, draft, { place, ...details }) => {
    const line = place === undefined ? {} : { line: draft.sql.split('\n').findIndex((text) => text.includes(place)) + 1 };
    expect(failureOf(ws.folder, draft)).toMatchObject({ code: 'invalid-input', details: { view: draft.view, ...line, ...details } });
  });

  it.each(["ATTACH DATABASE '/tmp/x' AS x", 'PRAGMA journal_mode = WAL', 'DELETE FROM {{product_property}}', 'WITH x AS (SELECT 1) DELETE FROM {{product_property}}', "SELECT 1; DELETE FROM {{product_property}}", 'EXPLAIN SELECT 1', '-- only a comment', 'VACUUM'])('nothing but one SELECT is taken: %s', (sql) => {
    expect(failureOf(ws.folder, { view: aggregated, sql })).toMatchObject({ code: 'invalid-input', message: expect.stringMatching(/one SELECT/u) as string });
  });

  it('what fails while it runs is told', () => {
    expect(failureOf(ws.folder, edited(aggregated, 'g.property_count,', "json(g.sfdc_key || '{') AS property_count,")).message).toContain('It stopped while it ran: malformed JSON.');
  });
});

/** Drafts of every kind, each made of the text as it is. */
const drafts: readonly (() => DraftText)[] = [
  ...mapping.fields.filter(({ type }) => type !== 'text').map(({ field }) => () => byPrimary(field)),
  () => edited(aggregated, 'm.updated_at DESC NULLS LAST', 'm.updated_at ASC NULLS LAST'),
  () => edited(aggregated, 'HAVING SUM(CASE WHEN m.is_active THEN 1 ELSE 0 END) > 0', 'HAVING COUNT(*) > 1'),
  () => edited('properties_to_create', 'WHERE e.is_active AND e.sfdc_key IS NULL', 'WHERE e.sfdc_key IS NULL'),
  () => edited('properties_to_create', "THEN 'P1' ELSE 'P3'", "THEN 'P3' ELSE 'P3'"),
  () => edited('properties_to_update', 'WHERE r.is_deleted IS NOT TRUE AND', 'WHERE'),
  () => edited('properties_to_update', 'WHEN e.is_active IS TRUE THEN NULL', 'WHEN FALSE THEN NULL'),
  () => edited('properties_to_update', 'WHERE m.takes_own_values', 'WHERE TRUE'),
  () => edited('properties_to_update', '  m.record_id,\n  a.sfdc_key', "  'other' AS record_id,\n  a.sfdc_key"),
];

describe('on any source', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-trial-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let count = 0;

  async function withWorkspace(source: Source, work: (folder: string) => void): Promise<void> {
    count += 1;
    const place = mkdtempSync(join(folder, 'source-'));
    writeSource(place, source);
    const ws = await openTestWorkspace({ folder: place, records: loadProductPropertyCsv(place) });
    try {
      await ws.refresh();
      work(ws.folder);
    } finally {
      await ws.close();
    }
  }

  it('plan A is the snapshot, the same text gives nothing, and every draft adds up', async () => {
    let differing = 0;
    await fc.assert(
      fc.asyncProperty(fc.tuple(randomSource, randomSource).map(([one, other]) => heldByOrg({ properties: [...one.properties ?? [], ...other.properties ?? []], features: [...one.features ?? [], ...other.features ?? []], staging: [...one.staging ?? [], ...other.staging ?? []] })), fc.shuffledSubarray([...drafts], { minLength: 4, maxLength: 4 }), async (source, chosen) => {
        await withWorkspace(source, (place) => {
          for (const view of whatIfViews) expect(compare(place, { view, sql: textAsIs(view) })).toMatchObject({ enter: 0, leave: 0, change: 0, records: [] });
          for (const draft of chosen) {
            const found = compare(place, draft());
            addsUp(found);
            differing += found.records.length;
          }
        });
      }),
      { numRuns: 30, seed: 20_261_127 },
    );
    expect(differing).toBeGreaterThan(50);
    expect(count).toBe(30);
  }, 240_000);

  it('what Salesforce has is known where plan A has the record, also over a blank that is not sent, and is said to be unknown elsewhere', async () => {
    const source: Source = {
      properties: [property('p1', { city: null, sfdc_id: 'a0A5e0000000001' }), property('p2', { city: 'Elm', sfdc_id: 'a0A5e0000000001', updated_at: '2025-01-01 00:00:00' }), property('p3', { status: 'DISABLED', name: 'Closed' })],
      features: [feature('p1', 'bank_linking')],
      staging: [staged('a01000000000001', 'p1', { name: 'Property p1', city: 'Oak', bank_linking_enabled_c: 'true' }), staged('a01000000000003', 'p3', { name: 'Open' })],
    };
    await withWorkspace(source, (place) => {
      const older = compare(place, edited(aggregated, 'm.updated_at DESC NULLS LAST', 'm.updated_at ASC NULLS LAST'));
      expect(older).toMatchObject({ a: { total: 0 }, enter: 1, unknown: 0 });
      expect(older.records[0]).toMatchObject({ key: 'p1', inA: true, isBeforeKnown: true });
      expect(older.records[0]?.fields).toEqual([
        { field: 'Name', label: 'Name', before: 'Property p1', a: 'Property p1', b: 'Property p2' },
        { field: 'City__c', label: 'City', before: 'Oak', a: null, b: 'Elm' },
      ]);
      const disabled = compare(place, { view: 'properties_to_update', sql: textAsIs('properties_to_update').replace('(e.is_active IS TRUE AND e.sfdc_key IS NULL)', '(e.sfdc_key IS NULL)') });
      expect(disabled).toMatchObject({ enter: 1, unknown: 1 });
      expect(disabled.records[0]).toMatchObject({ key: 'p3', inA: false, isBeforeKnown: false });
      addsUp(disabled);
    });
  });

  it('a plan A that is not the snapshot is refused with the numbers', async () => {
    await withWorkspace({ properties: [property('p1'), property('p2')] }, (place) => {
      const cache = openDatabase(join(place, 'cache.db'), { durability: 'off' });
      cache.exec("UPDATE pending SET content_hash = 'other' WHERE key = 'p1'");
      cache.close();
      expect(failureOf(place, { view: aggregated, sql: textAsIs(aggregated) })).toMatchObject({ code: 'verification-failed', details: { planned: 2, found: 2, differing: 1 } });
    });
  });

  it('a workspace without snapshot is refused', () => {
    expect(failureOf(folder, { view: aggregated, sql: textAsIs(aggregated) })).toMatchObject({ code: 'refused', details: { rule: 'no-snapshot' } });
  });
});
