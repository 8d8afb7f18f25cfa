import { isEffective, type FieldChange } from '../../../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { MappedField, Mapping } from '../../../../shared/domain/mapping.ts';
import type { Kind } from '../../../../shared/domain/pending-change.ts';
import type { WhatIf, WhatIfRecord, WhatIfSide, WhatIfState } from '../../../../shared/domain/what-if.ts';
import type { SqliteDatabase } from '../../sqlite/open-database.ts';

type Field = WhatIfRecord['fields'][number];
type DifferenceKind = WhatIf['kinds'][number];

/** What a plan has of one record. */
interface PlanRow {
  name: string | null;
  recordId: string | null;
  isKnown: boolean;
  before: FieldValue[];
  after: FieldValue[];
  changes: FieldChange[];
  contributors: string[];
}

const batchRows = 1_000;

/** Pending records of both plans whose content is not the same; content is what an approval binds to: key, values before and after, contributors. */
const differencesSql = `
  CREATE TABLE difference AS
  SELECT kind, key, state FROM (
    SELECT a.kind, a.key, CASE WHEN b.is_pending = 1 THEN 'change' ELSE 'leave' END AS state
    FROM plan_a a LEFT JOIN plan_b b ON b.kind = a.kind AND b.key = a.key
    WHERE a.is_pending = 1 AND (b.is_pending IS NOT 1 OR b.hash <> a.hash)
    UNION ALL
    SELECT b.kind, b.key, 'enter' FROM plan_b b LEFT JOIN plan_a a ON a.kind = b.kind AND a.key = b.key
    WHERE b.is_pending = 1 AND a.is_pending IS NOT 1
  ) ORDER BY kind, key;
  CREATE TABLE shown (position INTEGER PRIMARY KEY, state TEXT NOT NULL, is_known INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE shown_field (field TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (field, position)) WITHOUT ROWID;
`;

/** Finds what differs between the plans, record by record, and stores it to be read in pages. Answers with the kinds of difference, the most frequent first. */
export function comparePlans(db: SqliteDatabase, mapping: Mapping, onRows: (done: number, total: number) => void): DifferenceKind[] {
  db.exec(differencesSql);
  const total = db.prepare('SELECT COUNT(*) FROM difference').pluck().get() as number;
  const page = db.prepare(`SELECT rowid, kind, key, state FROM difference WHERE rowid > ? ORDER BY rowid LIMIT ${batchRows}`).raw();
  const find = { a: findIn(db, 'a'), b: findIn(db, 'b') };
  const insert = db.prepare('INSERT INTO shown VALUES (?, ?, ?, ?)');
  const insertField = db.prepare('INSERT OR IGNORE INTO shown_field VALUES (?, ?)');
  const found = new Map<string, DifferenceKind>();
  db.exec('BEGIN');
  for (let done = 0; done < total; ) {
    for (const [position, kind, key, state] of page.all(done) as [number, Kind, string, WhatIfState][]) {
      const [a, b] = [find.a(kind, key), find.b(kind, key)];
      const record = recordOf(mapping, { kind, key, state }, a, b);
      insert.run(position, state, record.isBeforeKnown ? 1 : 0, JSON.stringify(record));
      for (const one of kindsOf(mapping, record)) {
        insertField.run(one.field, position);
        const id = `${one.field} ${one.a} ${one.b}`;
        const known = found.get(id);
        const example = { key, kind, name: record.name, state };
        if (known === undefined) found.set(id, { ...one, count: 1, example });
        else {
          known.count += 1;
          if (known.example.state === 'enter' && state !== 'enter') known.example = example;
        }
      }
      done = position;
    }
    onRows(done, total);
  }
  db.exec('COMMIT; CREATE INDEX shown_by_state ON shown (state, position)');
  return [...found.values()].sort((one, other) => other.count - one.count);
}

function findIn(db: SqliteDatabase, side: 'a' | 'b'): (kind: Kind, key: string) => PlanRow | null {
  const statement = db.prepare(`SELECT name, record_id, is_known, before, after, changes, contributors FROM plan_${side} WHERE kind = ? AND key = ?`).raw();
  return (kind, key) => {
    const row = statement.get(kind, key) as [string | null, string | null, number, string, string, string, string] | undefined;
    if (row === undefined) return null;
    const [name, recordId, isKnown, before, after, changes, contributors] = row;
    return { name, recordId, isKnown: isKnown === 1, before: JSON.parse(before), after: JSON.parse(after), changes: JSON.parse(changes), contributors: JSON.parse(contributors) } as PlanRow;
  };
}

function recordOf(mapping: Mapping, head: Pick<WhatIfRecord, 'kind' | 'key' | 'state'>, a: PlanRow | null, b: PlanRow | null): WhatIfRecord {
  const shown = b ?? a;
  if (shown === null) throw new Error(`Neither plan has ${head.kind} ${head.key}.`);
  return {
    ...head,
    name: shown.name ?? a?.name ?? null,
    inA: a !== null,
    inB: b !== null,
    isBeforeKnown: shown.isKnown,
    contributorCount: shown.contributors.length,
    fields: a !== null && b !== null ? differingFields(mapping, a, b) : sentFields(mapping, shown, a !== null),
  };
}

function differingFields(mapping: Mapping, a: PlanRow, b: PlanRow): Field[] {
  const values = mapping.fields.flatMap(({ field, label }, at): Field[] => {
    const [inA, inB] = [a.after[at] ?? null, b.after[at] ?? null];
    return inA === inB ? [] : [{ field, label, before: (b.isKnown ? b : a).before[at] ?? null, a: inA, b: inB }];
  });
  const [of, to] = [a.contributors.join(', '), b.contributors.join(', ')];
  if (of !== to) values.push({ field: 'contributors', label: 'Contributors', before: null, a: of, b: to });
  if (a.recordId !== b.recordId) values.push({ field: 'salesforce-record', label: 'Record in Salesforce', before: null, a: a.recordId, b: b.recordId });
  return values;
}

/** Of a record that one plan does not have: what the other would send. */
function sentFields(mapping: Mapping, plan: PlanRow, isOfA: boolean): Field[] {
  return mapping.fields.flatMap(({ field, label }, at): Field[] => {
    const [before, after, change] = [plan.before[at] ?? null, plan.after[at] ?? null, plan.changes[at]];
    if (change === undefined || !isEffective(change)) return [];
    return [{ field, label, before, a: isOfA ? after : null, b: isOfA ? null : after }];
  });
}

function kindsOf(mapping: Mapping, record: WhatIfRecord): Pick<DifferenceKind, 'field' | 'label' | 'a' | 'b'>[] {
  if (!record.inA || !record.inB) return [{ field: 'record', label: 'Whole record', a: record.inA ? 'present' : 'absent', b: record.inB ? 'present' : 'absent' }];
  return record.fields.map(({ field, label, a, b }) => ({ field, label, ...sidesOf(mapping.fields.find((one) => one.field === field), a, b) }));
}

function sidesOf(field: MappedField | undefined, a: FieldValue, b: FieldValue): { a: WhatIfSide; b: WhatIfSide } {
  if (field?.type === 'flag') return { a: a === true ? 'TRUE' : 'FALSE', b: b === true ? 'TRUE' : 'FALSE' };
  const value = field?.type === 'instant' ? 'date' : 'value';
  if (a === null || b === null) return { a: a === null ? 'blank' : value, b: b === null ? 'blank' : value };
  if (value === 'date') return { a: 'date', b: String(b) < String(a) ? 'earlier' : 'later' };
  if (field !== undefined || !String(a).includes(', ') && !String(b).includes(', ')) return { a: 'value', b: 'other' };
  const [was, is] = [String(a).split(', ').length, String(b).split(', ').length];
  return { a: 'value', b: is < was ? 'fewer' : is > was ? 'more' : 'other' };
}
