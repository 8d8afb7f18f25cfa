import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { loadProductPropertyCsv } from '../../electron/adapters/embedded/csv-source.ts';
import { embeddedAuditTable } from '../../electron/adapters/embedded/embedded-audit-table.ts';
import { embeddedWarehouse } from '../../electron/adapters/embedded/embedded-warehouse.ts';
import { auditLogRow } from '../../electron/core/audit/audit-log-row.ts';
import type { Warehouse, WarehouseRow } from '../../electron/core/ports.ts';
import { resumeRun } from '../../electron/core/push/resume.ts';
import { retryBatch } from '../../electron/core/push/retry.ts';
import { startRun } from '../../electron/core/push/run.ts';
import { refreshSnapshot } from '../../electron/core/snapshot/refresh.ts';
import { mirrorOrg } from '../../electron/hosts/workspace/org-mirror.ts';
import type { Metric, MetricName } from '../../shared/domain/metric.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { asAda, instantClock, planOf, pushDeps, storeApprovedBatch } from '../core/push/push-workbench.ts';
import { mapping, openTestWorkspace, theseRules, type TestWorkspace } from '../core/snapshot/workspace.ts';
import { heldByOrg, randomSource } from './random-source.ts';
import { writeSource } from './view-fixture.ts';

const { signal } = new AbortController();
let workspace: TestWorkspace;
let warehouse: Warehouse | null = null;

afterEach(async () => {
  await warehouse?.close();
  warehouse = null;
  await workspace.close();
});

type Dashboard = Record<string, WarehouseRow>;

/** Refreshes, and reads the dashboard of the same load before the warehouse lets go of it. */
async function refreshed(options: { source?: string } = {}): Promise<{ dashboard: Dashboard; metrics: Record<MetricName, Metric>; snapshot: Snapshot }> {
  const opened = embeddedWarehouse({ file: join(workspace.folder, 'warehouse.db'), auditFile: join(workspace.folder, 'warehouse-audit.db'), mirror: (stop) => mirrorOrg(workspace.org, stop), ...options });
  warehouse = opened;
  const { org, ledger, cache, clock } = workspace;
  const snapshot = await refreshSnapshot({ warehouse: { ...opened, close: async () => {} }, org, cache, ledger, mapping, rules: theseRules, clock }, { actor: 'admin', signal, onProgress: () => {} });
  const rows: WarehouseRow[] = [];
  for await (const batch of opened.readView('sync_monitoring_dashboard', { signal })) rows.push(...batch);
  return { dashboard: Object.fromEntries(rows.map((row) => [String(row['metric']), row])), metrics: await cache.metrics(), snapshot };
}

/** The numbers that both tell, the dashboard's under the app's names. */
function told(dashboard: Dashboard): Record<string, unknown[]> {
  const numbers = (name: string) => [dashboard[name]?.['numerator'], dashboard[name]?.['denominator']];
  const count = (name: string) => dashboard[name]?.['numerator'];
  return {
    toCreate: [count('to_create')],
    toUpdate: [count('to_update_candidates')],
    p1Waiting: [count('p1_waiting')],
    activeMissing: [count('active_missing'), count('active_properties')],
    coverage: [dashboard['coverage']?.['value'], ...numbers('coverage')],
    accuracyByRecord: [dashboard['feature_accuracy_records']?.['value'], ...numbers('feature_accuracy_records')],
    accuracyByFlag: [dashboard['feature_accuracy_flags']?.['value'], ...numbers('feature_accuracy_flags')],
    multiPropertyGroups: [...numbers('multi_property_groups_handled'), count('multi_property_groups')],
    errorRateLastRun: [dashboard['error_rate_last_run']?.['value'], ...numbers('error_rate_last_run')],
  };
}

function expected(metrics: Record<MetricName, Metric>): Record<string, unknown[]> {
  const share = ({ value, numerator, denominator }: Metric) => [value, numerator, denominator];
  return {
    toCreate: [metrics.toCreate.value],
    // The dashboard knows candidates only; which of them change anything is seen in the field diff.
    toUpdate: [metrics.toUpdate.denominator],
    p1Waiting: [metrics.p1Waiting.value],
    activeMissing: [metrics.activeMissing.value, metrics.activeMissing.denominator],
    coverage: share(metrics.coverage),
    accuracyByRecord: share(metrics.accuracyByRecord),
    accuracyByFlag: share(metrics.accuracyByFlag),
    multiPropertyGroups: [metrics.multiPropertyGroups.numerator, metrics.multiPropertyGroups.denominator, metrics.multiPropertyGroups.denominator],
    errorRateLastRun: share(metrics.errorRateLastRun),
  };
}

/** Copies the whole audit log, as the app does. */
async function ship(): Promise<void> {
  const table = embeddedAuditTable(join(workspace.folder, 'warehouse-audit.db'));
  const events = await workspace.ledger.eventsFrom(1, 5_000);
  for (let at = 0; at < events.length; at += 500) await table.append(events.slice(at, at + 500).map(auditLogRow), signal);
  await table.close();
}

describe('the dashboard gives the numbers of the app', () => {
  it('of the sample', async () => {
    workspace = await openTestWorkspace({ sample: undefined });
    const { dashboard, metrics, snapshot } = await refreshed();
    expect(told(dashboard)).toEqual(expected(metrics));
    expect(told(dashboard)).toMatchObject({ toCreate: [1_081], p1Waiting: [507], toUpdate: [8_021], errorRateLastRun: [null, null, null] });
    expect([dashboard['multi_property_groups']?.['numerator'], dashboard['multi_property_members']?.['numerator']]).toEqual([snapshot.multiPropertyGroups, snapshot.multiPropertyMembers]);
    expect(snapshot.multiPropertyMembers).toBe(2_410);
  });

  it('of random sources with every ugly case', async () => {
    await fc.assert(
      fc.asyncProperty(randomSource.map(heldByOrg), async (source) => {
        const folder = mkdtempSync(join(tmpdir(), 'countersign-dashboard-'));
        writeSource(folder, source);
        workspace = await openTestWorkspace({ folder, records: loadProductPropertyCsv(folder) });
        try {
          const { dashboard, metrics } = await refreshed({ source: folder });
          expect(told(dashboard)).toEqual(expected(metrics));
        } finally {
          await warehouse?.close();
          await workspace.close();
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns: 15 },
    );
    workspace = await openTestWorkspace({ sample: 20 });
  });
});

describe('the error rate of the last run', () => {
  /** Puts these faults in place of those that were there. */
  async function setFaults(...faults: object[]): Promise<void> {
    const { instanceUrl } = await workspace.org.identity(signal);
    const control = (method: string, body?: object) => fetch(`${new URL(instanceUrl).origin}/_control/faults`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
    await control('DELETE');
    for (const fault of faults) expect((await control('POST', fault)).status).toBe(201);
  }
  const refuse = (...keys: string[]) => ({ match: { method: 'POST', path: '/composite/sobjects$' }, times: -1, action: { recordErrors: keys.map((key) => ({ key, statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No.' })) } });

  it('is the app’s, from the start through failures, a lost answer, a stop and a retry, once the events are copied', async () => {
    workspace = await openTestWorkspace({ sample: 60 });
    const compared = async (): Promise<unknown[] | undefined> => {
      await ship();
      const { dashboard, metrics } = await refreshed();
      expect(told(dashboard)).toEqual(expected(metrics));
      return told(dashboard)['errorRateLastRun'];
    };
    expect(await compared()).toEqual([null, null, null]);
    const { orgId } = await workspace.org.identity(signal);
    await storeApprovedBatch(workspace.ledger, planOf(12, 0), orgId);
    const deps = pushDeps({ ledger: workspace.ledger, org: workspace.org, clock: instantClock(), chunkSize: 4 });
    const batch = { id: 'B-1' };

    const refusals = refuse('new-00002', 'new-00009');
    await setFaults(
      refusals,
      // The answer to the second chunk is lost after it took effect, and the org cannot be asked: its four records are unknown.
      { match: { method: 'POST', path: '/composite/sobjects$', after: 1 }, action: { drop: 'after-effect' } },
      { match: { path: '/query', bodyIncludes: 'new-00005', after: 1 }, times: -1, action: { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }] } },
    );
    const stopped = await startRun(deps, asAda(), { batch, mode: 'auto' });
    expect(stopped).toMatchObject({ state: 'stopped', counts: { succeeded: 3, failed: 1, unknown: 4, notSent: 4 } });
    expect(await compared()).toEqual([1 / 8, 1, 8]);

    await setFaults(refusals);
    const resumed = await resumeRun(deps, asAda(), { runId: 'R-1' });
    expect(resumed).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 10, failed: 2 } });
    expect(await compared()).toEqual([2 / 12, 2, 12]);

    expect(await retryBatch(deps, asAda(), { batch })).toMatchObject({ counts: { planned: 2, failed: 2 } });
    expect(await compared()).toEqual([1, 2, 2]);
  });

  it('is that of the run started last in any workspace, and tells when the last refresh and the last push were', async () => {
    workspace = await openTestWorkspace({ sample: 20 });
    const row = (workspaceId: string, sequence: number, kind: string, facts: { run?: string; key?: string; outcome?: string; second?: number } = {}) => ({
      event_id: `${workspaceId}-${sequence}`, workspace_id: workspaceId, sequence, occurred_at: `2026-11-23T12:00:${String(facts.second ?? sequence).padStart(2, '0')}.000Z`, event_kind: kind, actor: 'ann',
      record_key: facts.key ?? null, batch_id: null, run_id: facts.run ?? null, salesforce_id: null, outcome: facts.outcome ?? null, previous_hash: '0'.repeat(64), event_hash: 'a'.repeat(64), payload: '{}',
    });
    const table = embeddedAuditTable(join(workspace.folder, 'warehouse-audit.db'));
    await table.append([
      row('one', 1, 'snapshot.loaded'),
      row('one', 2, 'run.started', { run: 'R-1' }),
      row('one', 3, 'record.pushed', { run: 'R-1', key: 'a', outcome: 'failed' }),
      row('one', 4, 'run.finished', { run: 'R-1' }),
      row('two', 9, 'run.started', { run: 'R-1', second: 5 }),
      row('two', 10, 'record.pushed', { run: 'R-1', key: 'a', outcome: 'unknown', second: 6 }),
      row('two', 11, 'record.pushed', { run: 'R-1', key: 'b', outcome: 'failed', second: 6 }),
      row('two', 12, 'record.pushed', { run: 'R-1', key: 'a', outcome: 'succeeded', second: 6 }),
      row('one', 99, 'audit.anchor', { second: 59 }),
    ], signal);
    await table.close();
    const { dashboard } = await refreshed();
    expect(dashboard['error_rate_last_run']).toEqual({ metric: 'error_rate_last_run', value: 0.5, numerator: 1, denominator: 2, at: null });
    expect(dashboard['last_refresh']).toEqual({ metric: 'last_refresh', value: null, numerator: null, denominator: null, at: '2026-11-23T12:00:01.000Z' });
    expect(dashboard['last_push']).toMatchObject({ at: '2026-11-23T12:00:04.000Z' });
  });

  it('is missing, and said to be, where the copy of the audit log cannot be read; the refresh goes on', async () => {
    workspace = await openTestWorkspace({ sample: 20 });
    writeFileSync(join(workspace.folder, 'warehouse-audit.db'), 'this is no database, whatever its name says'.repeat(40));
    const { dashboard, snapshot } = await refreshed();
    expect(dashboard['error_rate_last_run']).toMatchObject({ value: null, numerator: null });
    expect(snapshot.notices).toEqual([expect.stringContaining('The copy of the audit log cannot be read')]);
  });
});
