import { beforeEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import { sha256 } from '../../../electron/core/canonical.ts';
import { deployViews } from '../../../electron/core/views/deploy-views.ts';
import { planDeployment } from '../../../electron/core/views/plan-deployment.ts';
import { verifyViews } from '../../../electron/core/views/verify-views.ts';
import type { DeployedObject } from '../../../electron/core/warehouse-ports.ts';
import { deployPlanSchema, viewNames, viewsReportSchema, type DeployPlan, type ViewName, type ViewReport } from '../../../shared/domain/warehouse.ts';
import { deployedWarehouse, eventsOnly, type DeployedWarehouse } from './deployed-warehouse.ts';

const { signal } = new AbortController();
const audit = 'property_sync_audit_log';
let objects: DeployedWarehouse;
let ledger: ReturnType<typeof eventsOnly>;

const plan = async (): Promise<DeployPlan> => deployPlanSchema.parse(await planDeployment(objects, signal));
const deploy = (expect: string, stop: AbortSignal = signal) => deployViews({ objects, ledger }, { actor: 'ann', signal: stop }, { expect });
const actions = ({ steps }: DeployPlan): string[] => steps.map(({ object, action }) => `${action} ${object}`);
const reportOn = async (name: ViewName): Promise<ViewReport | undefined> => viewsReportSchema.parse(await verifyViews(objects, signal)).views.find((view) => view.name === name);
const failureOf = (work: Promise<unknown>) => work.then(() => null, (error: AppFailure) => error.error);
function change(name: ViewName, part: Partial<DeployedObject>): void {
  const object = objects.there.get(name);
  if (object === undefined) throw new Error(`${name} is not deployed`);
  objects.there.set(name, { ...object, ...part });
}

beforeEach(() => {
  objects = deployedWarehouse();
  ledger = eventsOnly();
});

describe('a first deployment', () => {
  it('makes the five views and the audit table, each after what it reads from, and is proved by the comparison', async () => {
    const first = await plan();
    expect([first.target, actions(first)]).toEqual(['crm.sfdc_dbx', [
      'create rds_properties_enriched', 'create properties_aggregated_by_sfdc_id', 'create properties_to_create', 'create properties_to_update', `create ${audit}`,
      ...Array.from({ length: 6 }, () => `constrain ${audit}`), 'create sync_monitoring_dashboard',
    ]]);
    expect(await deploy(first.hash)).toEqual(first);
    expect(objects.ran).toEqual(first.steps.map(({ sql }) => sql));
    const report = await verifyViews(objects, signal);
    expect([report.ok, report.views.map(({ name, state, differences }) => [name, state, differences.length])]).toEqual([true, viewNames.map((name) => [name, 'same', 0])]);
  });

  it('is in the audit log before the first statement and after the last, with the hash of each statement', async () => {
    const first = await plan();
    const seenBefore: string[][] = [];
    objects.before = () => seenBefore.push(ledger.events.map(({ type }) => type));
    await deploy(first.hash);
    expect(seenBefore[0]).toEqual(['views.deploying']);
    expect(ledger.events.map(({ type, actor }) => [type, actor])).toEqual([['views.deploying', 'ann'], ['views.deployed', 'ann']]);
    expect(ledger.events[0]?.data).toMatchObject({ target: 'crm.sfdc_dbx', statements: 12, hash: first.hash });
    expect(ledger.events[0]?.data['steps']).toEqual(first.steps.map(({ object, action, sql }) => ({ object, action, sha256: sha256(sql ?? '') })));
  });

  it('does nothing and says nothing when there is nothing to do', async () => {
    await deploy((await plan()).hash);
    [ledger.events.length, objects.ran.length] = [0, 0];
    const again = await plan();
    expect(actions(again)).toEqual(viewNames.map((name) => `keep ${name}`));
    await deploy(again.hash);
    expect([ledger.events, objects.ran]).toEqual([[], []]);
  });
});

describe('a deployment that does not go through', () => {
  it('is refused when what is deployed is no longer what the plan was made for', async () => {
    const first = await plan();
    await deploy(first.hash);
    objects.ran.length = 0;
    expect(await failureOf(deploy(first.hash))).toMatchObject({ code: 'refused', details: { rule: 'plan-changed', expected: first.hash } });
    expect(objects.ran).toEqual([]);
  });

  it('runs nothing when the audit log cannot be written', async () => {
    const { hash } = await plan();
    ledger.commit = () => Promise.reject(new AppFailure('audit-not-writable', 'The audit log cannot be written.'));
    expect(await failureOf(deploy(hash))).toMatchObject({ code: 'audit-not-writable' });
    expect(objects.ran).toEqual([]);
  });

  it('says where it failed and how many statements were run, and goes on from there', async () => {
    const first = await plan();
    objects.before = (_, number) => {
      if (number === 3) throw new AppFailure('permission-denied', 'You may not create views in crm.sfdc_dbx.', { state: '42501' });
    };
    expect(await failureOf(deploy(first.hash))).toEqual({
      code: 'permission-denied',
      message: 'properties_to_create could not be deployed. You may not create views in crm.sfdc_dbx. 2 of 12 statements were run. Deploy again to run the rest: what is there already is kept.',
      details: { state: '42501', object: 'properties_to_create', done: 2, statements: 12 },
    });
    expect(ledger.events.at(-1)).toMatchObject({ type: 'views.failed', data: { object: 'properties_to_create', done: 2, statements: 12, code: 'permission-denied' } });
    objects.before = () => {};
    const rest = await plan();
    expect(actions(rest).slice(0, 3)).toEqual(['keep rds_properties_enriched', 'keep properties_aggregated_by_sfdc_id', 'create properties_to_create']);
    await deploy(rest.hash);
    expect((await verifyViews(objects, signal)).ok).toBe(true);
  });

  it('is finished by the same statements when the answer to one was lost after it had been run', async () => {
    const first = await plan();
    const execute = objects.execute.bind(objects);
    let lost = false;
    objects.execute = async (sql, stop) => {
      await execute(sql, stop);
      if (objects.ran.length === 5 && !lost) {
        lost = true;
        throw new AppFailure('source-unavailable', 'The warehouse gave no answer.', { effect: 'unknown' });
      }
    };
    expect(await failureOf(deploy(first.hash))).toMatchObject({ code: 'source-unavailable', details: { effect: 'unknown', done: 4 } });
    await deploy((await plan()).hash);
    expect([objects.ran.length, (await verifyViews(objects, signal)).ok]).toEqual([12, true]);
  });

  it('stops between two statements when it is cancelled, and does not claim that nothing was changed', async () => {
    const stop = new AbortController();
    objects.before = (_, number) => number === 2 && stop.abort();
    const failure = await failureOf(deploy((await plan()).hash, stop.signal));
    expect(failure).toMatchObject({ code: 'cancelled', details: { done: 2 } });
    expect(failure?.message).not.toContain('Nothing was changed');
    expect(ledger.events.map(({ type }) => type)).toEqual(['views.deploying', 'views.failed']);
  });

  it('writes nothing when it was cancelled before it began', async () => {
    const { hash } = await plan();
    expect(await failureOf(deploy(hash, AbortSignal.abort()))).toMatchObject({ code: 'cancelled' });
    expect(ledger.events).toEqual([]);
  });
});

describe('drift', () => {
  beforeEach(async () => {
    await deploy((await plan()).hash);
    [ledger.events.length, objects.ran.length] = [0, 0];
  });

  it('of a view is shown line by line and replaced', async () => {
    const text = objects.there.get('properties_to_create')?.text ?? '';
    change('properties_to_create', { text: text.replace("THEN 'P1' ELSE", "THEN 'P2' ELSE").replace('FROM live l WHERE', 'FROM live l\nWHERE') });
    const report = await reportOn('properties_to_create');
    const lines = (report?.deployed ?? '').split('\n');
    expect([report?.state, report?.differences.map(({ side, text: line }) => [side, line.trim()])]).toEqual(['differs', [
      ['expected', 'SELECT DISTINCT l.property_id FROM live l WHERE l.property_id IS NOT NULL'],
      ['deployed', 'SELECT DISTINCT l.property_id FROM live l'],
      ['deployed', 'WHERE l.property_id IS NOT NULL'],
      ['expected', "CASE WHEN e.feature_count > 0 THEN 'P1' ELSE 'P3' END AS priority"],
      ['deployed', "CASE WHEN e.feature_count > 0 THEN 'P2' ELSE 'P3' END AS priority"],
    ]]);
    for (const { line, side, text: shown } of report?.differences ?? []) if (side === 'deployed') expect(lines[line - 1]).toBe(shown);
    const found = await plan();
    expect(found.steps.filter(({ action }) => action !== 'keep')).toMatchObject([{ object: 'properties_to_create', action: 'replace', reason: 'What is deployed differs from the text of this version in 5 lines.' }]);
    await deploy(found.hash);
    expect((await reportOn('properties_to_create'))?.state).toBe('same');
  });

  it('is not seen where a warehouse kept the comment or a semicolon, for the rules are the same', async () => {
    change('properties_to_create', { text: `-- a comment\n\n  -- another\n${objects.there.get('properties_to_create')?.text};\n` });
    expect((await reportOn('properties_to_create'))?.state).toBe('same');
  });

  it('cannot be told of a view whose text may not be read: it is unreadable, and written again', async () => {
    change('properties_to_update', { text: null });
    expect(await reportOn('properties_to_update')).toMatchObject({ state: 'unreadable', deployed: null, detail: expect.stringContaining('Ask its owner') });
    expect((await plan()).steps.filter(({ action }) => action === 'replace')).toMatchObject([{ object: 'properties_to_update' }]);
  });

  it('of a view that is gone is named', async () => {
    objects.there.delete('sync_monitoring_dashboard');
    expect(await reportOn('sync_monitoring_dashboard')).toMatchObject({ state: 'missing', detail: 'There is no crm.sfdc_dbx.sync_monitoring_dashboard. Deploy the views.' });
  });

  it('of the table: what is missing of constraints and properties is added, one by one', async () => {
    change(audit, { properties: { 'delta.appendOnly': 'false', 'delta.constraints.event_hash_is_sha256': 'length(event_hash)  =  64', 'delta.minReaderVersion': '1' } });
    const report = await reportOn(audit);
    expect(report?.differences.map(({ side, text }) => `${side} ${text}`)).toEqual(expect.arrayContaining(['expected PROPERTY delta.appendOnly = true', 'deployed PROPERTY delta.appendOnly = false', "expected CONSTRAINT event_id_is_given CHECK (TRIM(event_id) <> '')"]));
    const found = await plan();
    expect(found.steps.filter(({ object }) => object === audit).map(({ action, sql }) => [action, sql?.replace('ALTER TABLE crm.sfdc_dbx.property_sync_audit_log ', '')])).toEqual([
      ['constrain', "ADD CONSTRAINT event_id_is_given CHECK (TRIM(event_id) <> '')"],
      ['constrain', "ADD CONSTRAINT workspace_id_is_given CHECK (TRIM(workspace_id) <> '')"],
      ['constrain', 'ADD CONSTRAINT sequence_begins_with_one CHECK (sequence >= 1)'],
      ['constrain', 'ADD CONSTRAINT occurred_at_is_an_instant CHECK (LENGTH(occurred_at) = 24)'],
      ['constrain', 'ADD CONSTRAINT previous_hash_is_sha256 CHECK (LENGTH(previous_hash) = 64)'],
      ['constrain', "SET TBLPROPERTIES ('delta.appendOnly' = 'true', 'delta.isolationLevel' = 'Serializable')"],
    ]);
    await deploy(found.hash);
    expect(await reportOn(audit)).toMatchObject({ state: 'same' });
  });

  it('of the table is not seen in how a warehouse spells it, or in what it does not tell', async () => {
    const columns = objects.there.get(audit)?.columns ?? [];
    const spelled = Object.entries(objects.there.get(audit)?.properties ?? {}).map(([name, value]) => [name, name.includes('constraints') ? `( ${value.toUpperCase()} )` : value]);
    change(audit, { columns: columns.map((column) => ({ ...column, name: column.name.toUpperCase(), isNullable: null })), properties: Object.fromEntries(spelled) });
    expect(await reportOn(audit)).toMatchObject({ state: 'same' });
  });

  it.each([
    ['a column of another type', (columns: DeployedObject['columns']) => columns.map((column) => (column.name === 'sequence' ? { ...column, type: 'int' } : column)), 'expected sequence BIGINT NOT NULL; found sequence INT NOT NULL'],
    ['a column that may be NULL', (columns: DeployedObject['columns']) => columns.map((column) => (column.name === 'payload' ? { ...column, isNullable: true } : column)), 'expected payload STRING NOT NULL; found payload STRING'],
    ['a column that is missing', (columns: DeployedObject['columns']) => columns.slice(0, -1), 'expected payload STRING NOT NULL'],
    ['a column too many', (columns: DeployedObject['columns']) => [...columns, { name: 'note', type: 'string', isNullable: true }], 'found note STRING'],
  ])('of the table that nobody can mend here, %s, is refused as a whole', async (_, altered, said) => {
    change(audit, { columns: altered(objects.there.get(audit)?.columns ?? []) });
    objects.there.delete('rds_properties_enriched');
    const found = await plan();
    expect(found.steps.find(({ action }) => action === 'blocked')).toMatchObject({ object: audit, sql: null, reason: expect.stringContaining(`(${said})`) });
    expect(await failureOf(deploy(found.hash))).toMatchObject({ code: 'refused', details: { rule: 'wrong-state', object: audit } });
    expect([objects.ran, ledger.events, (await reportOn(audit))?.state]).toEqual([[], [], 'differs']);
  });

  it('by a constraint of somebody else is told with the statement that its owner can run', async () => {
    change(audit, { properties: { ...objects.there.get(audit)?.properties, 'delta.constraints.no_bots': "actor <> 'bot'" } });
    const kept = (await plan()).steps.find(({ object }) => object === audit);
    expect(kept).toMatchObject({ action: 'keep', reason: expect.stringContaining('ALTER TABLE crm.sfdc_dbx.property_sync_audit_log DROP CONSTRAINT no_bots') });
    expect((await reportOn(audit))?.differences).toEqual([{ line: 21, side: 'deployed', text: "CONSTRAINT no_bots CHECK (actor <> 'bot')" }]);
  });

  it.each([
    ['properties_to_create' as const, { kind: 'table' as const, text: null }, 'DROP TABLE crm.sfdc_dbx.properties_to_create'],
    [audit as ViewName, { kind: 'view' as const, text: 'SELECT 1' }, `DROP VIEW crm.sfdc_dbx.${audit}`],
  ])('to an object of another kind under the name %s is refused, never dropped', async (name, other, statement) => {
    change(name, other);
    const found = await plan();
    expect(await failureOf(deploy(found.hash))).toMatchObject({ code: 'refused', message: expect.stringContaining(statement), details: { rule: 'wrong-state', object: name } });
    expect([objects.ran, (await reportOn(name))?.state, (await reportOn(name))?.detail]).toEqual([[], 'differs', expect.stringContaining(statement)]);
  });
});

describe('the embedded warehouse', () => {
  it('has nothing to deploy, and holds by its nature', async () => {
    objects = deployedWarehouse(null);
    const found = await plan();
    expect([found.target, new Set(found.steps.map(({ action, reason }) => `${action}: ${reason}`))]).toEqual([null, new Set(["keep: The embedded warehouse always runs this version's texts."])]);
    expect(await deploy(found.hash)).toEqual(found);
    const report = await verifyViews(objects, signal);
    expect([report.target, report.ok, report.views.every(({ state, expected, deployed }) => state === 'same' && expected === deployed)]).toEqual([null, true, true]);
    expect([objects.ran, ledger.events]).toEqual([[], []]);
  });
});
