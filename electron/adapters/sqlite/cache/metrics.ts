import type { CallOutput } from '../../../../shared/contract.ts';
import type { Metric, MetricName } from '../../../../shared/domain/metric.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { Snapshot } from '../../../../shared/domain/snapshot.ts';
import type { SqliteDatabase } from '../open-database.ts';

type Metrics = CallOutput<'status.metrics'>['metrics'];

type SnapshotMetrics = Record<Exclude<MetricName, 'errorRateLastRun'>, Metric>;

interface Counts {
  candidates: number;
  equalRecords: number;
  flagsChanged: number;
  active: number;
  updated: number;
  groups: number;
  handledGroups: number;
}

/** Counts the metrics that a snapshot settles, while it is written. */
export function countMetrics(db: SqliteDatabase, mapping: Mapping, snapshot: Snapshot): SnapshotMetrics {
  const counts = db
    .prepare(
      `WITH multi AS MATERIALIZED (
         SELECT sfdc_key FROM property WHERE sfdc_key IS NOT NULL GROUP BY sfdc_key HAVING COUNT(*) > 1 AND SUM(is_active) > 0
       )
       SELECT
         (SELECT COUNT(*) FROM candidate WHERE kind = 'update') AS candidates,
         (SELECT COUNT(*) FROM candidate WHERE kind = 'update' AND flags_changed = 0) AS equalRecords,
         (SELECT COALESCE(SUM(flags_changed), 0) FROM candidate WHERE kind = 'update') AS flagsChanged,
         (SELECT COUNT(*) FROM property WHERE is_active = 1) AS active,
         (SELECT COUNT(DISTINCT c.property_id) FROM candidate k CROSS JOIN contribution c ON c.position = k.position WHERE c.is_contributor = 1 AND k.kind = 'update') AS updated,
         (SELECT COUNT(*) FROM multi) AS groups,
         (SELECT COUNT(*) FROM multi WHERE EXISTS (SELECT 1 FROM candidate k WHERE k.group_key = multi.sfdc_key)) AS handledGroups`,
    )
    .get() as Counts;
  const window = `Snapshot ${snapshot.id}`;
  const amount = (numerator: number, denominator: number): Metric => ({ value: numerator, numerator, denominator, window });
  const share = (numerator: number, denominator: number): Metric => ({ value: denominator === 0 ? null : numerator / denominator, numerator, denominator, window });
  const flags = counts.candidates * mapping.fields.filter(({ type }) => type === 'flag').length;
  return {
    toCreate: amount(snapshot.creates, snapshot.creates + snapshot.updates),
    toUpdate: amount(snapshot.updates, snapshot.updates + snapshot.unchanged),
    p1Waiting: amount(snapshot.p1, snapshot.creates),
    activeMissing: amount(counts.active - counts.updated, counts.active),
    coverage: share(counts.updated, counts.active),
    accuracyByRecord: share(counts.equalRecords, counts.candidates),
    accuracyByFlag: share(flags - counts.flagsChanged, flags),
    multiPropertyGroups: amount(counts.handledGroups, counts.groups),
  };
}

/** The numbers of the monitoring that the cache and the ledger can tell, each with what it was counted from. */
export function readMetrics(db: SqliteDatabase): Metrics {
  const stored = db.prepare('SELECT metrics FROM snapshot').pluck().get() as string | undefined;
  const none: Metric = { value: null, numerator: null, denominator: null, window: 'no snapshot yet' };
  const metrics: SnapshotMetrics =
    stored === undefined
      ? { toCreate: none, toUpdate: none, p1Waiting: none, activeMissing: none, coverage: none, accuracyByRecord: none, accuracyByFlag: none, multiPropertyGroups: none }
      : (JSON.parse(stored) as SnapshotMetrics);
  return { ...metrics, errorRateLastRun: errorRateLastRun(db) };
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
