import { isEffective, type FieldChange, type FieldDiff } from '../../../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { DecisionState, ExplainedField, Kind, PendingItem } from '../../../../shared/domain/pending-change.ts';
import type { PlanRecord } from '../../../../shared/domain/plan.ts';
import { riskNames, type ReviewMark } from '../../../../shared/domain/review.ts';
import { checkCatalog, type CheckId } from '../../../core/checks/catalog.ts';
import type { CachedDetail, PlannableChange } from '../../../core/ports.ts';
import { describeProperty, explainFields, type CachedProperty } from '../../../core/review/explain.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { hasBit } from '../position-bits.ts';
import { decisionJoin, viewedJoin } from './ledger-joins.ts';
import type { BulkApproval } from './review/ledger-state.ts';
import type { ReviewIndex } from './review/review-index.ts';
import { fallenReader } from './since-last.ts';

/** One pending change as it is read for a page, `show` or a plan. */
export interface PendingRow {
  position: number;
  kind: Kind;
  key: string;
  priority: PendingItem['priority'];
  blockers: number;
  warnings: number;
  contributor_count: number;
  member_count: number;
  check_ids: string;
  content_hash: string;
  state: string | null;
  company: string | null;
  name: string | null;
  record_id: string | null;
  production_id: string | null;
  primary_id: string | null;
  before: string;
  after: string;
  changes: string;
  winners: string;
  contributors: string;
  ignored: string;
  decision: DecisionState | null;
  reason: string | null;
  actor: string | null;
  at: string | null;
  mark: ReviewMark;
  /** The fields that are left out of this content, as `LeftOut[]` in JSON. */
  left_out: string;
}

type LeftOut = { field: string } & NonNullable<ExplainedField['excluded']>;

interface FoundCheck {
  id: CheckId;
  detail: string | null;
}

/** Reads pending changes with all that belongs to them. */
export interface PendingReader {
  /** The changes at these positions, in the order given; one that is not there is left out. `bulk` is in force where it holds. */
  rows(positions: readonly number[], bulk: BulkApproval | null): PendingRow[];
  /** The properties under these ids, in the order given; an unknown one is left out. */
  properties(ids: readonly string[]): CachedProperty[];
  checks(position: number): FoundCheck[];
  fallen: ReturnType<typeof fallenReader>;
}

/** Prepares the reads of whole pending changes; `ledger` is where decisions are found. */
export function pendingReader(db: SqliteDatabase, ledger: string): PendingReader {
  // One statement for a page: a statement for each row costs ten times as much.
  const selectRows = db.prepare(`
    SELECT p.position, p.kind, p.key, p.priority, p.blockers, p.warnings, p.contributor_count, p.member_count, p.check_ids, p.content_hash,
      p.state, p.company, p.name, p.record_id, p.production_id, p.primary_id,
      b.before, b.after, b.changes, b.winners, b.contributors, b.ignored,
      d.decision, d.reason, d.actor, d.at, COALESCE(v.mark, 'unseen') AS mark,
      (SELECT json_group_array(json_object('field', x.field, 'by', x.actor, 'at', x.at, 'reason', x.reason)) FROM ${ledger}.field_exclusion x
        WHERE x.key = p.key AND x.kind = p.kind AND x.content_hash = p.content_hash) AS left_out
    FROM json_each(?) e CROSS JOIN pending p ON p.position = e.value CROSS JOIN pending_body b ON b.position = p.position
      ${decisionJoin(ledger)} ${viewedJoin(ledger)}`);
  const selectProperty = db.prepare(
    'SELECT id, name, status, is_active AS isActive, updated_at AS updatedAt, COALESCE(sfdc_id, sfdc_id_raw) AS productionId, cells FROM property WHERE id = ?',
  );
  const selectChecks = db.prepare('SELECT check_id AS id, detail FROM pending_check WHERE position = ? ORDER BY check_id');
  return {
    rows(positions, bulk) {
      const found = new Map((selectRows.all(JSON.stringify(positions)) as PendingRow[]).map((row) => [row.position, row]));
      for (const row of found.values()) {
        if (bulk !== null && hasBit(bulk.bits, row.position)) Object.assign(row, { decision: 'approve', reason: bulk.reason, actor: bulk.actor, at: bulk.at } satisfies Partial<PendingRow>);
      }
      return positions.flatMap((position) => found.get(position) ?? []);
    },
    properties: (ids) =>
      ids.flatMap((id) => {
        const found = selectProperty.get(id) as (Omit<CachedProperty, 'isActive' | 'cells'> & { isActive: number; cells: string }) | undefined;
        return found === undefined ? [] : [{ ...found, isActive: found.isActive === 1, cells: JSON.parse(found.cells) as FieldValue[] }];
      }),
    checks: (position) => selectChecks.all(position) as FoundCheck[],
    fallen: fallenReader(db, ledger),
  };
}

/** One row of the grid. */
export function pendingItem(mapping: Mapping, index: ReviewIndex, row: PendingRow): PendingItem {
  const classId = classOf(index, row);
  const diffs = fieldDiffs(mapping, row);
  const sent = diffs.filter(({ change }) => isEffective(change));
  const leftOut = leftOutOf(row);
  const first = sent.reduce<FieldDiff | null>((first, diff) => (first === null || riskOf(diff) < riskOf(first) ? diff : first), null);
  return {
    key: row.key,
    kind: row.kind,
    priority: row.priority,
    name: row.name,
    company: row.company,
    state: row.state,
    changedFields: sent.map(({ field }) => field),
    firstChange: first === null ? null : { field: first.field, label: first.label, before: first.before, after: first.after },
    contributorCount: row.contributor_count,
    memberCount: row.member_count,
    checks: checksOf(row),
    blockers: row.blockers,
    warnings: row.warnings,
    decision: row.decision ?? 'none',
    mark: row.mark,
    without: sent.flatMap(({ field }) => (leftOut.has(field) ? [field] : [])),
    shape: index.classes[classId]?.shape ?? '',
    isOutlier: (index.outliers[classId] ?? []).length > 0,
    contentHash: row.content_hash,
  };
}

function classOf(index: ReviewIndex, { position }: PendingRow): number {
  return index.classOf[index.placeOf[position] as number] as number;
}

/** A flag that goes off, a cleared field, a flag that goes on, a changed value, a filled one. */
function riskOf({ before, after, change }: FieldDiff): number {
  if (after === false) return 0;
  if (change === 'cleared') return 1;
  if (after === true) return 2;
  return change === 'changed' && before !== null ? 3 : 4;
}

/** Everything about one pending change but its history. */
export function pendingDetail(reader: PendingReader, mapping: Mapping, index: ReviewIndex, row: PendingRow): CachedDetail {
  const classId = classOf(index, row);
  const contributors = reader.properties(JSON.parse(row.contributors) as string[]);
  const ignored = reader.properties(JSON.parse(row.ignored) as string[]);
  const leftOut = leftOutOf(row);
  const explained = explainFields(mapping, fieldDiffs(mapping, row), JSON.parse(row.winners) as (string | null)[], { contributors, ignored });
  return {
    ...pendingItem(mapping, index, row),
    recordId: row.record_id,
    productionId: row.production_id,
    fields: explained.map((field) => ({ ...field, excluded: leftOut.get(field.field) ?? null })),
    contributors: contributors.map((property) => describeProperty(mapping, property, row.primary_id)),
    ignored: ignored.map((property) => describeProperty(mapping, property, row.primary_id)),
    recordChecks: reader.checks(row.position).map(({ id, detail }) => ({ id, severity: checkCatalog[id].severity, meaning: checkCatalog[id].meaning, detail, fix: checkCatalog[id].fix })),
    decisionReason: row.reason,
    decisionBy: row.actor,
    decisionAt: row.at,
    risk: riskNames[index.classes[classId]?.risk ?? -1] ?? 'p3',
    outlierReasons: [...(index.outliers[classId] ?? [])],
    fallen: reader.fallen({ kind: row.kind, key: row.key, contentHash: row.content_hash }),
  };
}

/** What a batch needs of one pending change. */
export function plannableChange(mapping: Mapping, row: PendingRow): PlannableChange {
  const sent = fieldDiffs(mapping, row).filter(({ change }) => isEffective(change));
  const leftOut = leftOutOf(row);
  const valuesOf = (diffs: readonly FieldDiff[]): PlanRecord['fields'] => Object.fromEntries(diffs.map(({ field, before, after }) => [field, { before, after }]));
  return {
    key: row.key,
    kind: row.kind,
    recordId: row.record_id,
    name: row.name,
    fields: valuesOf(sent.filter(({ field }) => !leftOut.has(field))),
    leftOut: valuesOf(sent.filter(({ field }) => leftOut.has(field))),
    contributors: JSON.parse(row.contributors) as string[],
    priority: row.priority,
    memberCount: row.member_count,
    contentHash: row.content_hash,
    blockers: row.blockers,
    decision: row.decision ?? 'none',
  };
}

/** The fields that are left out, by name. */
function leftOutOf(row: PendingRow): ReadonlyMap<string, NonNullable<ExplainedField['excluded']>> {
  return new Map((JSON.parse(row.left_out) as LeftOut[]).map(({ field, ...who }) => [field, who]));
}

function checksOf(row: PendingRow): string[] {
  return row.check_ids.split('|').filter((id) => id !== '');
}

function fieldDiffs(mapping: Mapping, row: PendingRow): FieldDiff[] {
  const before = JSON.parse(row.before) as FieldValue[];
  const after = JSON.parse(row.after) as FieldValue[];
  const changes = JSON.parse(row.changes) as FieldChange[];
  return mapping.fields.map(({ field, label }, position) => ({
    field,
    label,
    before: before[position] ?? null,
    after: after[position] ?? null,
    change: changes[position] ?? 'equal',
  }));
}
