import { existsSync } from 'node:fs';
import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { MappedField, Mapping } from '../../../../shared/domain/mapping.ts';
import type { SinceLast, Snapshot } from '../../../../shared/domain/snapshot.ts';
import { openDatabase, type SqliteDatabase } from '../open-database.ts';

type ChangedFields = SinceLast['fields'];

/** One pending change as a snapshot keeps it: lists in JSON, values in the order of that snapshot's mapping. */
interface Body {
  before: string;
  after: string;
  contributors: string;
}

/** How many changed records are looked at together. */
const pageSize = 1_000;

/**
 * Notes what was added, changed and removed since the last snapshot, and for what was changed in what it differs.
 *
 * Shape:  `temp.last_pending` holds kind, key, content hash and name of all that was pending. The rest of the last snapshot is read
 *         from the file, where it is visible to other connections until the commit: nothing of it is copied but what differs.
 */
export function compareWithLast(db: SqliteDatabase, cacheFile: string, mapping: Mapping): Pick<Snapshot, 'added' | 'changed' | 'removed'> {
  db.exec(`
    INSERT INTO since_last (kind, key, state, name)
    SELECT p.kind, p.key, CASE WHEN o.key IS NULL THEN 'added' ELSE 'changed' END, p.name
    FROM pending p LEFT JOIN temp.last_pending o ON o.kind = p.kind AND o.key = p.key
    WHERE o.content_hash IS NOT p.content_hash;
    INSERT INTO since_last (kind, key, state, name)
    SELECT o.kind, o.key, 'removed', o.name
    FROM temp.last_pending o LEFT JOIN pending p ON p.kind = o.kind AND p.key = o.key
    WHERE p.key IS NULL;
  `);
  const counts = { added: 0, changed: 0, removed: 0 };
  const rows = db.prepare('SELECT state, COUNT(*) AS count FROM since_last GROUP BY state').all() as { state: keyof typeof counts; count: number }[];
  for (const { state, count } of rows) counts[state] = count;
  if (counts.changed > 0) noteChangedFields(db, cacheFile, mapping);
  return counts;
}

function noteChangedFields(db: SqliteDatabase, cacheFile: string, mapping: Mapping): void {
  const last = openDatabase(cacheFile, { durability: 'normal', readonly: true });
  try {
    // One state of the file for all that is read of it.
    last.exec('BEGIN');
    const lastMapping = JSON.parse(last.prepare('SELECT mapping FROM snapshot').pluck().get() as string) as Mapping;
    const bodyOf = 'SELECT b.before, b.after, b.contributors FROM pending p JOIN pending_body b ON b.position = p.position WHERE p.key = ? AND p.kind = ?';
    const [was, is] = [last.prepare(bodyOf), db.prepare(bodyOf)];
    const page = db.prepare(`SELECT kind, key FROM since_last WHERE state = 'changed' AND (kind, key) > (?, ?) ORDER BY kind, key LIMIT ${pageSize}`);
    const note = db.prepare('UPDATE since_last SET fields = ? WHERE kind = ? AND key = ?');
    for (let [kind, key] = ['', '']; ; ) {
      const records = page.all(kind, key) as { kind: string; key: string }[];
      for (const record of records) {
        const fields = changedFields({ mapping: lastMapping, body: was.get(record.key, record.kind) as Body }, { mapping, body: is.get(record.key, record.kind) as Body });
        note.run(JSON.stringify(fields), record.kind, record.key);
        ({ kind, key } = record);
      }
      if (records.length < pageSize) return;
    }
  } finally {
    last.close();
  }
}

interface Stored {
  mapping: Mapping;
  body: Body;
}

/**
 * In what two contents of one record differ: proposed values first, then Salesforce's, each in the mapping's order, then who contributes.
 *
 * Errors: never throws. A field that only one of the two mappings has counts as blank in the other.
 */
export function changedFields(was: Stored, is: Stored): ChangedFields {
  const fields = [...is.mapping.fields, ...was.mapping.fields.filter(({ field }) => !is.mapping.fields.some((known) => known.field === field))];
  const differing = (side: 'after' | 'before', part: 'proposed' | 'salesforce'): ChangedFields => {
    if (was.body[side] === is.body[side] && fields.length === is.mapping.fields.length && fields.length === was.mapping.fields.length) return [];
    const [old, now] = [valuesOf(was, side), valuesOf(is, side)];
    return fields.flatMap(({ field, label }: MappedField) => {
      const [one, other] = [old.get(field) ?? null, now.get(field) ?? null];
      return one === other ? [] : [{ field, label, was: one, now: other, part }];
    });
  };
  const contributors: ChangedFields =
    was.body.contributors === is.body.contributors ? [] : [{ field: 'contributors', label: 'Contributors', was: joined(was.body.contributors), now: joined(is.body.contributors), part: 'contributors' }];
  return [...differing('after', 'proposed'), ...differing('before', 'salesforce'), ...contributors];
}

function valuesOf({ mapping, body }: Stored, side: 'after' | 'before'): ReadonlyMap<string, FieldValue> {
  const values = JSON.parse(body[side]) as FieldValue[];
  return new Map(mapping.fields.map(({ field }, position) => [field, values[position] ?? null]));
}

function joined(ids: string): string {
  return (JSON.parse(ids) as string[]).join(', ');
}

/**
 * Notes the decisions that were in force in the last snapshot and whose change is another one now, and counts them.
 *
 * Shape:  the ledger is read over a connection of its own, so that it is never locked. A record that is no longer pending has
 *         nothing to decide and is not counted.
 */
export function noteFallenDecisions(db: SqliteDatabase, ledgerFile: string): number {
  if (!existsSync(ledgerFile)) return 0;
  const ledger = openDatabase(ledgerFile, { durability: 'full', readonly: true });
  try {
    const wasChanged = db.prepare(`SELECT 1 FROM since_last WHERE kind = ? AND key = ? AND state = 'changed'`).pluck();
    const wasInForce = db.prepare('SELECT 1 FROM temp.last_pending WHERE kind = ? AND key = ? AND content_hash = ?').pluck();
    const note = db.prepare('UPDATE since_last SET fallen = ?, fallen_by = ?, fallen_at = ?, fallen_reason = ? WHERE kind = ? AND key = ?');
    let fallen = 0;
    for (const row of ledger.prepare('SELECT kind, key, content_hash, decision, actor, at, reason FROM decision').raw().iterate()) {
      const [kind, key, hash, ...decision] = row as [string, string, string, ...unknown[]];
      if (wasChanged.get(kind, key) === undefined || wasInForce.get(kind, key, hash) === undefined) continue;
      note.run(...decision, kind, key);
      fallen += 1;
    }
    return fallen;
  } finally {
    ledger.close();
  }
}

/** What a snapshot says of the decisions that fell away. */
export function fallenNotice(count: number): string {
  return count === 1 ? '1 decision fell away because its change is different now.' : `${count} decisions fell away because their changes are different now.`;
}
