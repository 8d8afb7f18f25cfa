import type { CallOutput } from '../../../../shared/contract.ts';
import type { Metric, MetricName } from '../../../../shared/domain/metric.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { Snapshot } from '../../../../shared/domain/snapshot.ts';
import type { SqliteDatabase } from '../open-database.ts';

type Metrics = CallOutput<'status.metrics'>['metrics'];

interface Counts {
  candidates: number;
  equalRecords: number;
  flagsChanged: number;
  active: number;
  updated: number;
  groups: number;
  handledGroups: number;
}

/** The numbers of the monitoring that the cache and the ledger can tell, each with what it was counted from. */
export function readMetrics(db: SqliteDatabase, mapping: Mapping, snapshot: Snapshot | null): Metrics {
  const lastRun = errorRateLastRun(db);
  if (snapshot === null) {
    const none: Metric = { value: null, numerator: null, denominator: null, window: 'no snapshot yet' };
    return {
      toCreate: none, toUpdate: none, p1Waiting: none, activeMissing: none, coverage: none, accuracyByRecord: none, accuracyByFlag: none, multiPropertyGroups: none,
      errorRateLastRun: lastRun,
    };
  }
  const counts = db
    .prepare(
      `SELECT
         (SELECT COUNT(*) FROM candidate WHERE kind = 'update') AS candidates,
         (SELECT COUNT(*) FROM candidate WHERE kind = 'update' AND flags_changed = 0) AS equalRecords,
         (SELECT COALESCE(SUM(flags_changed), 0) FROM candidate WHERE kind = 'update') AS flagsChanged,
         (SELECT COUNT(*) FROM property WHERE is_active = 1) AS active,
         (SELECT COUNT(DISTINCT c.property_id) FROM contribution c JOIN candidate k ON k.position = c.position WHERE c.is_contributor = 1 AND k.kind = 'update') AS updated,
         (SELECT COUNT(*) FROM (SELECT 1 FROM property WHERE sfdc_key IS NOT NULL GROUP BY sfdc_key HAVING COUNT(*) > 1 AND SUM(is_active) > 0)) AS groups,
         (SELECT COUNT(*) FROM (SELECT 1 FROM property m WHERE sfdc_key IS NOT NULL GROUP BY sfdc_key HAVING COUNT(*) > 1 AND SUM(is_active) > 0
            AND EXISTS (SELECT 1 FROM candidate k WHERE k.group_key = m.sfdc_key))) AS handledGroups`,
    )
    .get() as Counts;
  const window = `Snapshot ${snapshot.id}`;
  const amount = (numerator: number, denominator: number): Metric => ({ value: numerator, numerator, denominator, window });
  const share = (numerator: number, denominator: number): Metric => ({ value: denominator === 0 ? null : numerator / denominator, numerator, denominator, window });
  const flags = counts.candidates * mapping.fields.filter(({ type }) => type === 'flag').length;
  const metrics: Record<Exclude<MetricName, 'errorRateLastRun'>, Metric> = {
    toCreate: amount(snapshot.creates, snapshot.creates + snapshot.updates),
    toUpdate: amount(snapshot.updates, snapshot.updates + snapshot.unchanged),
    p1Waiting: amount(snapshot.p1, snapshot.creates),
    activeMissing: amount(counts.active - counts.updated, counts.active),
    coverage: share(counts.updated, counts.active),
    accuracyByRecord: share(counts.equalRecords, counts.candidates),
    accuracyByFlag: share(flags - counts.flagsChanged, flags),
    multiPropertyGroups: amount(counts.handledGroups, counts.groups),
  };
  return { ...metrics, errorRateLastRun: lastRun };
}

function errorRateLastRun(db: SqliteDatabase): Metric {
  const window = 'Last run';
  const tables = (db.pragma('database_list') as { name: string }[]).some(({ name }) => name === 'ledger')
    ? (db.prepare("SELECT COUNT(*) FROM ledger.sqlite_schema WHERE name IN ('run', 'run_record')").pluck().get() as number)
    : 0;
  if (tables < 2) return { value: null, numerator: null, denominator: null, window };
  const last = db.prepare('SELECT id FROM ledger.run ORDER BY rowid DESC LIMIT 1').pluck().get() as string | undefined;
  if (last === undefined) return { value: null, numerator: null, denominator: null, window: 'no run yet' };
  const { failed, processed } = db
    .prepare(
      "SELECT COALESCE(SUM(state = 'failed'), 0) AS failed, COALESCE(SUM(state NOT IN ('planned', 'sending')), 0) AS processed FROM ledger.run_record WHERE run_id = ?",
    )
    .get(last) as { failed: number; processed: number };
  return { value: processed === 0 ? null : failed / processed, numerator: failed, denominator: processed, window: `Run ${last}` };
}
