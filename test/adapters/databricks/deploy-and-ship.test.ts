import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shipAudit } from '../../../electron/core/audit/ship-audit.ts';
import { verifyAudit } from '../../../electron/core/audit/verify-audit.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import { deployViews } from '../../../electron/core/views/deploy-views.ts';
import { readRulesState } from '../../../electron/core/views/rules-state.ts';
import { planDeployment } from '../../../electron/core/views/plan-deployment.ts';
import { verifyViews } from '../../../electron/core/views/verify-views.ts';
import { auditLogRow } from '../../../electron/core/audit/audit-log-row.ts';
import { systemClock } from '../../../electron/hosts/system-clock.ts';
import { mapping } from '../../core/snapshot/workspace.ts';
import { addEvents } from '../../core/audit/scripted-audit-table.ts';
import { cutBack, tamperBetween, temporaryLedger } from '../../core/audit/temporary-audit.ts';
import { randomFrom } from '../../faults/random-from.ts';
import { openStandInSite, quickLimits, type StandInSite } from '../../stand-in/open-site.ts';

const never = new AbortController().signal;
const ann = { actor: 'ann', signal: never };
let under: StandInSite;

beforeEach(async () => {
  under = await openStandInSite({ format: 'arrow' }, { ...quickLimits, startMs: 20_000, transientMs: 20_000 });
  for (const table of ['properties', 'property_features', 'product_property'] as const) under.standIn.engine.loadTable(table, under.names[table] ?? '', []);
});
afterEach(() => under.close());

const deploy = async (ledger: Ledger) => {
  const { hash } = await planDeployment(under.site.warehouseObjects, never);
  return deployViews({ objects: under.site.warehouseObjects, ledger }, ann, { expect: hash });
};
const kinds = async (ledger: Ledger): Promise<string[]> => (await ledger.eventsFrom(1, 100)).map(({ type }) => type);

describe('deploying over the real driver', () => {
  it('makes the five views and the table with its constraints, writes it down, and finds everything the same afterwards', async () => {
    const { ledger } = await temporaryLedger(1);
    const plan = await deploy(ledger);
    expect(plan.target).toBe('crm.sfdc_dbx');
    expect(plan.steps.filter(({ action }) => action === 'create').map(({ object }) => object)).toHaveLength(6);
    expect(await kinds(ledger)).toEqual(['ledger.created', 'views.deploying', 'views.deployed']);
    expect(await verifyViews(under.site.warehouseObjects, never)).toMatchObject({ ok: true, views: Array.from({ length: 6 }, () => ({ state: 'same' })) });
    const executed = under.standIn.calls.executed.length;
    expect((await deploy(ledger)).steps.every(({ action }) => action === 'keep')).toBe(true);
    expect(under.standIn.calls.executed.slice(executed).filter((sql) => /^(?:CREATE|ALTER)/u.test(sql))).toEqual([]);
    expect(await kinds(ledger)).toHaveLength(3);
  });

  it('finds a view that somebody has changed, line by line, and puts it right', async () => {
    const { ledger } = await temporaryLedger(1);
    await deploy(ledger);
    const name = under.names['properties_to_create'] ?? '';
    const before = await readRulesState(under.site.warehouseObjects, mapping, never);
    expect(before.notices).toEqual([]);
    under.standIn.engine.execute(`CREATE OR REPLACE VIEW ${name} AS ${under.standIn.engine.textOf(name).replaceAll("'P1'", "'P9'")}`, {});
    const report = await verifyViews(under.site.warehouseObjects, never);
    expect(report.views.filter(({ state }) => state === 'differs').map((view) => [view.name, view.differences.length > 0])).toEqual([['properties_to_create', true]]);
    const mine = await readRulesState(under.site.warehouseObjects, mapping, never);
    expect(mine.notices).toEqual([expect.stringContaining('properties_to_create as it is deployed differs from this version')]);
    expect(mine.fingerprint).not.toBe(before.fingerprint);
    expect((await deploy(ledger)).steps.filter(({ action }) => action !== 'keep').map(({ object, action }) => [object, action])).toEqual([['properties_to_create', 'replace']]);
    expect(await verifyViews(under.site.warehouseObjects, never)).toMatchObject({ ok: true });
  });

  it('that loses an answer in the middle says how far it came, and goes on from there', async () => {
    const { ledger } = await temporaryLedger(1);
    under.standIn.faults.add({ call: 'ExecuteStatement', fault: { kind: 'drop', effect: 'after' }, sql: /CREATE OR REPLACE VIEW crm\.sfdc_dbx\.properties_to_update/u });
    await expect(deploy(ledger)).rejects.toMatchObject({ error: { code: 'source-unavailable', details: { object: 'properties_to_update', effect: 'unknown' } } });
    expect((await kinds(ledger)).at(-1)).toBe('views.failed');
    await deploy(ledger);
    expect(await verifyViews(under.site.warehouseObjects, never)).toMatchObject({ ok: true });
  });

  it('tells a table that is not append-only, and mends what can be mended', async () => {
    const { ledger } = await temporaryLedger(1);
    await deploy(ledger);
    under.standIn.engine.execute(`ALTER TABLE ${under.names['property_sync_audit_log']} SET TBLPROPERTIES ('delta.appendOnly' = 'false')`, {});
    expect(await verifyViews(under.site.warehouseObjects, never)).toMatchObject({ ok: false });
    await deploy(ledger);
    expect(await verifyViews(under.site.warehouseObjects, never)).toMatchObject({ ok: true });
  });
});

describe('testing the connection', () => {
  it('says that everything is there', async () => {
    await under.deploy();
    const report = await under.site.warehouseAccess.test(never);
    expect(report).toMatchObject({ ok: true, user: 'admin@example.com' });
    expect(report.checks.every(({ state }) => state === 'ok')).toBe(true);
    expect(under.standIn.engine.rowsOf(under.names['property_sync_audit_log'] ?? '')).toEqual([]);
  });

  it('gives the exact statement for each grant that is missing', async () => {
    await under.deploy();
    const { denied } = under.standIn.engine;
    const grantsFor = async (object: string, privilege: string): Promise<Record<string, string | null>> => {
      denied.clear();
      denied.set(object, privilege);
      const { checks } = await under.site.warehouseAccess.test(never);
      return Object.fromEntries(checks.filter(({ state }) => state === 'missing').map(({ id, grant }) => [id, grant]));
    };
    expect(await grantsFor('crm.sfdc_dbx.properties_to_create', 'SELECT')).toEqual({ properties_to_create: 'GRANT SELECT ON VIEW crm.sfdc_dbx.properties_to_create TO `admin@example.com`' });
    expect(await grantsFor('crm.sfdc_dbx.property_sync_audit_log', 'MODIFY')).toEqual({ 'property_sync_audit_log.append': 'GRANT MODIFY ON TABLE crm.sfdc_dbx.property_sync_audit_log TO `admin@example.com`' });
    expect(Object.values(await grantsFor('rds', 'USE CATALOG'))).toEqual(['GRANT USE CATALOG ON CATALOG rds TO `admin@example.com`', 'GRANT USE CATALOG ON CATALOG rds TO `admin@example.com`']);
    denied.clear();
  });

  it('is content without the source tables, which only make the look for changes cheap', async () => {
    await under.deploy();
    under.standIn.engine.denied.set('rds.pg_rds_public.properties', 'SELECT');
    expect(await under.site.warehouseAccess.test(never)).toMatchObject({ ok: true });
    expect(await under.site.warehouse.fingerprint(never)).toBeNull();
    expect((await under.site.warehouse.prepare({ signal: never, onProgress: () => {} })).notices[0]).toContain('rds.pg_rds_public.properties');
  });

  it('says what is not deployed, and that nothing else could be looked at without a session', async () => {
    expect((await under.site.warehouseAccess.test(never)).checks.find(({ id }) => id === 'properties_to_create')).toMatchObject({ state: 'failed', detail: expect.stringContaining('views deploy') as string });
    under.standIn.faults.add({ call: 'OpenSession', fault: { kind: 'http', status: 403 }, times: 5 });
    const refused = await under.open().warehouseAccess.test(never);
    expect(refused).toMatchObject({ ok: false, checks: [{ id: 'session', state: 'missing', detail: expect.stringContaining('Can use') as string }, ...refused.checks.slice(1)] });
    expect(refused.checks.slice(1).every(({ state }) => state === 'not-checked')).toBe(true);
  });
});

describe('copying the audit log over the real driver', () => {
  const auditRows = () => under.standIn.engine.rowsOf(under.names['property_sync_audit_log'] ?? '');

  it('brings 1,000 events there exactly once, however answers are dropped, and in their order', async () => {
    const { ledger } = await temporaryLedger(1_000);
    await under.deploy();
    const seed = 20_261_126;
    const random = randomFrom(seed);
    const impatient = under.open({ limits: { ...quickLimits, answerMs: 400 } });
    const spoil = (): void => {
      under.standIn.faults.clear();
      for (const sql of [/INSERT INTO/u, /SELECT DISTINCT event_id/u, /'events' AS part/u]) {
        if (random(10) >= 8) continue;
        under.standIn.faults.add({ call: 'ExecuteStatement', sql, fault: [{ kind: 'drop', effect: 'before' }, { kind: 'drop', effect: 'after' }, { kind: 'late', ms: 30 }, { kind: 'http', status: 504, effect: 'after' }, { kind: 'half' }][random(5)] as never });
      }
    };
    const clock = { ...systemClock, sleep: async () => {} };
    const spoilt = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => (...args: A): Promise<R> => {
      spoil();
      return call(...args);
    };
    const { place, append, present, evidence } = impatient.auditTable;
    const table = { place, append: spoilt(append), present: spoilt(present), evidence: spoilt(evidence) };
    let shipments = 0;
    for (let isDone = false; !isDone; shipments += 1) {
      expect(shipments, `seed ${seed}`).toBeLessThan(100);
      isDone = await shipAudit({ ledger, table, clock }, never).then(
        () => true,
        (error: unknown) => {
          if (error instanceof AppFailure && error.error.code === 'source-unavailable') return false;
          throw error;
        },
      );
    }
    under.standIn.faults.clear();
    // What was on its way late must not come on top.
    await expect.poll(() => under.standIn.calls.operations.size).toBe(0);
    const events = auditRows().filter((row) => row['event_kind'] !== 'audit.anchor');
    expect(events.map((row) => row['event_id']).toSorted()).toEqual((await ledger.eventsFrom(1, 2_000)).map(({ id }) => id).toSorted());
    expect(new Set(events.map((row) => row['sequence'])).size).toBe(1_000);
    expect(events.find((row) => row['sequence'] === 500)).toEqual((await ledger.eventsFrom(500, 1)).map(auditLogRow)[0]);
    expect(under.standIn.faults.hits).toBeGreaterThan(10);
    expect(await verifyAudit({ ledger, table: under.site.auditTable, readOnly: true }, ann, { anchor: 'required' })).toMatchObject({ ok: true, anchor: { state: 'agrees', seq: 1_000 } });
  }, 120_000);

  it('finds, by the anchor, a ledger that was cut back together with its checkpoints', async () => {
    const { folder, ledger } = await temporaryLedger(130);
    await under.deploy();
    await shipAudit({ ledger, table: under.site.auditTable, clock: systemClock }, never);
    const cut = await tamperBetween(folder, ledger, (db) => cutBack(db, 90));
    const verify = (anchor: 'skip' | 'required') => verifyAudit({ ledger: cut, table: under.site.auditTable, readOnly: true }, ann, { anchor });
    expect(await verify('skip')).toMatchObject({ ok: true, events: 90 });
    expect(await verify('required')).toMatchObject({ ok: false, firstBad: { seq: 91, problem: 'truncated' }, anchor: { state: 'disagrees', seq: 130 } });
    await addEvents(cut, 60);
    await expect(shipAudit({ ledger: cut, table: under.site.auditTable, clock: systemClock }, never)).rejects.toMatchObject({ error: { code: 'verification-failed' } });
    expect(auditRows()).toHaveLength(131);
  });
});
