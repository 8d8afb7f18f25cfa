import type { AuditEvidence, AuditLogRow } from '../core/warehouse-ports.ts';

/** The columns of `property_sync_audit_log`, in order, as they travel in JSON. */
export const auditLogColumns = {
  event_id: 'STRING',
  workspace_id: 'STRING',
  sequence: 'BIGINT',
  occurred_at: 'STRING',
  event_kind: 'STRING',
  actor: 'STRING',
  record_key: 'STRING',
  batch_id: 'STRING',
  run_id: 'STRING',
  salesforce_id: 'STRING',
  outcome: 'STRING',
  previous_hash: 'STRING',
  event_hash: 'STRING',
  payload: 'STRING',
} as const satisfies Record<keyof AuditLogRow, 'STRING' | 'BIGINT'>;

/** The kind of the rows that hold a signed head of the chain instead of an event. */
export const anchorKind = 'audit.anchor';

const columns = Object.entries(auditLogColumns);

/** FAILFAST: without it Spark turns a value of the wrong type into NULL, and text that is no JSON into no rows. */
const rowsFrom = (members: readonly (readonly [string, string])[]): string =>
  `inline(from_json(:rows, 'ARRAY<STRUCT<${members.map(([name, type]) => `${name}: ${type}`).join(', ')}>>', map('mode', 'FAILFAST'))) AS s`;

/** The statements on the audit log, with named parameters. */
export interface AuditStatements {
  /** `:rows`: JSON array of rows, no id twice. Adds those whose id is not there. */
  append: string;
  /** `:rows`: JSON array of `{"event_id": …}`. Column `event_id`: those that are there. */
  present: string;
  /** `:workspace_id`. Rows for `readEvidence`. */
  evidence: string;
}

/**
 * The statements on the audit log under one qualified name: the same text for Databricks and for SQLite.
 *
 * Shape:  one parameter carries all rows, so that the text never depends on the values. `append` is one statement and
 *         therefore all or nothing; `evidence` is one statement and therefore one moment of the table.
 * Source: Spark SQL `inline`, `from_json`, named parameter markers. NOT EXISTS looks at the table only: two rows with one id
 *         inside one call would both be added. An INSERT needs fewer privileges than a MERGE.
 */
export function auditStatements(table: string): AuditStatements {
  const names = columns.map(([name]) => name);
  return {
    append: `INSERT INTO ${table} (${names.join(', ')})
SELECT ${names.map((name) => `s.${name}`).join(', ')}
FROM ${rowsFrom(columns)}
WHERE NOT EXISTS (SELECT 1 FROM ${table} AS x WHERE x.event_id = s.event_id)`,
    present: `SELECT DISTINCT event_id FROM ${table}
WHERE event_id IN (SELECT s.event_id FROM ${rowsFrom([['event_id', 'STRING']])})`,
    evidence: `WITH mine AS (
  SELECT event_id, sequence, occurred_at, event_kind, previous_hash, event_hash, payload FROM ${table} WHERE workspace_id = :workspace_id
), told AS (
  SELECT event_id, sequence, event_hash FROM mine WHERE event_kind <> '${anchorKind}'
)
SELECT 'events' AS part, COUNT(DISTINCT event_id) AS number, NULL AS hash, NULL AS occurred_at, NULL AS payload FROM told
UNION ALL
SELECT part, number, hash, occurred_at, payload FROM (
  SELECT 'last' AS part, sequence AS number, event_hash AS hash, NULL AS occurred_at, NULL AS payload FROM told ORDER BY sequence DESC, event_hash LIMIT 1
) AS newest
UNION ALL
SELECT part, number, hash, occurred_at, payload FROM (
  SELECT 'fork' AS part, sequence AS number, NULL AS hash, NULL AS occurred_at, NULL AS payload FROM told
  GROUP BY sequence HAVING COUNT(DISTINCT event_hash) > 1 ORDER BY sequence LIMIT 20
) AS forked
UNION ALL
SELECT part, number, hash, occurred_at, payload FROM (
  SELECT 'anchor' AS part, sequence AS number, previous_hash AS hash, occurred_at, payload FROM mine
  WHERE event_kind = '${anchorKind}' ORDER BY sequence DESC, occurred_at DESC LIMIT 1
) AS anchored`,
  };
}

/** One call's worth of rows as the parameter `:rows` of `append`; of rows with one id only the first counts. */
export function rowsParameter(rows: readonly AuditLogRow[]): string {
  return JSON.stringify([...new Map(rows.toReversed().map((row) => [row.event_id, row])).values()].toReversed());
}

/** The ids as the parameter `:rows` of `present`. */
export function idsParameter(eventIds: readonly string[]): string {
  return JSON.stringify([...new Set(eventIds)].map((event_id) => ({ event_id })));
}

/**
 * Reads the rows of `evidence`.
 *
 * Shape:  rows by column name; numbers may come as number, bigint or digits, as drivers differ.
 */
export function readEvidence(rows: readonly Readonly<Record<string, unknown>>[]): AuditEvidence {
  const of = (part: string) => rows.filter((row) => row['part'] === part);
  const [events] = of('events');
  const [last] = of('last');
  const [anchor] = of('anchor');
  return {
    events: Number(events?.['number'] ?? 0),
    last: last ? { seq: Number(last['number']), hash: String(last['hash']) } : null,
    forks: of('fork').map((row) => Number(row['number'])).toSorted((one, other) => one - other),
    anchor: anchor ? { seq: Number(anchor['number']), head: String(anchor['hash']), at: String(anchor['occurred_at']), payload: String(anchor['payload']) } : null,
  };
}
