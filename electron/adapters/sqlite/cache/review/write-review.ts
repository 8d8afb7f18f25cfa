import { identityOf } from '../../identity.ts';
import type { SqliteDatabase } from '../../open-database.ts';
import type { Cell } from '../snapshot-rows.ts';
import { writeNumbers, writeTexts } from './column-parts.ts';
import type { StoredClass } from './review-class.ts';

/** Cells of `pendingRow` that become columns. */
const cellOf = { kind: 0, key: 1, contributors: 7, state: 10, company: 11, sortName: 13 } as const;

export const sinceStates = [null, 'added', 'changed'] as const;

/** Fills the columns of the review beside the rows of a snapshot. */
export interface ReviewWriter {
  /** In order of position. */
  add(position: number, change: { pending: readonly Cell[]; text: Cell | undefined; city: Cell | undefined }): void;
  /** Adds what is known when risk, checks and the comparison with the last snapshot are there. */
  finish(): void;
}

/**
 * Writes the columns from which pages, counts and facets are answered: one entry per pending change, in order of position.
 *
 * Shape:  memory stays bounded by the number of different values, and four bytes per change while the orders are written.
 */
export function createReviewWriter(db: SqliteDatabase): ReviewWriter {
  const position = writeNumbers(db, 'position');
  const contributors = writeNumbers(db, 'contributors');
  const identityEnd = writeNumbers(db, 'identity_end');
  const nameEnd = writeNumbers(db, 'name_end');
  const textEnd = writeNumbers(db, 'text_end');
  const identities = writeTexts(db, 'identity');
  const names = writeTexts(db, 'name');
  const texts = writeTexts(db, 'text');
  const company = writeValues(db, 'company');
  const state = writeValues(db, 'state');
  const city = writeValues(db, 'city');
  let count = 0;
  return {
    add(at, { pending, text, city: cityName }) {
      count += 1;
      position.push(at);
      contributors.push(Number(pending[cellOf.contributors]));
      company.push(pending[cellOf.company]);
      state.push(pending[cellOf.state]);
      city.push(cityName);
      identityEnd.push(identities.push(identityOf(String(pending[cellOf.kind]), String(pending[cellOf.key]))));
      nameEnd.push(names.push(String(pending[cellOf.sortName])));
      textEnd.push(texts.push(String(text)));
    },
    finish() {
      for (const column of [position, contributors, identityEnd, nameEnd, textEnd, identities, names, texts, company, state, city]) column.end();
      writeClasses(db, count);
      writeOrders(db, count);
    },
  };
}

interface ValueWriter {
  push(value: Cell | undefined): void;
  end(): void;
}

/** A column of numbers that stand for texts or blank; the texts are in `review_value`. */
function writeValues(db: SqliteDatabase, name: string): ValueWriter {
  const numbers = writeNumbers(db, name);
  const insert = db.prepare('INSERT INTO review_value VALUES (?, ?, ?)');
  const ids = new Map<string | null, number>();
  return {
    push(value) {
      const text = value === null || value === undefined ? null : String(value);
      let id = ids.get(text);
      if (id === undefined) {
        id = ids.size;
        ids.set(text, id);
        insert.run(name, id, text);
      }
      numbers.push(id);
    },
    end: () => numbers.end(),
  };
}

/**
 * Numbers the distinct combinations of all that most filters and counts ask for.
 *
 * Shape:  a running statement holds the connection, so what is read is kept, four bytes a change, and written afterwards.
 */
function writeClasses(db: SqliteDatabase, count: number): void {
  const ids = new Map<string, number>();
  const classes = new Uint32Array(count);
  const since = new Uint32Array(count);
  const rows = db
    .prepare(
      `SELECT p.kind, p.priority, p.risk, p.transitions, p.member_count > 1, p.check_ids, p.blockers > 0, p.warnings > 0, s.state
       FROM pending p LEFT JOIN since_last s ON s.kind = p.kind AND s.key = p.key ORDER BY p.position`,
    )
    .raw()
    .iterate() as IterableIterator<[...StoredClass, (typeof sinceStates)[number]]>;
  let at = 0;
  for (const row of rows) {
    since[at] = sinceStates.indexOf(row.pop() as (typeof sinceStates)[number]);
    const facts = JSON.stringify(row);
    const id = ids.get(facts) ?? ids.size;
    ids.set(facts, id);
    classes[at] = id;
    at += 1;
  }
  writeAll(db, 'class', classes);
  writeAll(db, 'since', since);
  const insert = db.prepare('INSERT INTO review_class VALUES (?, ?)');
  for (const [facts, id] of ids) insert.run(id, facts);
}

/** The orders by key and by name, as places in the order of position. */
function writeOrders(db: SqliteDatabase, count: number): void {
  const last = db.prepare('SELECT COALESCE(MAX(position), 0) FROM pending').pluck().get() as number;
  const placeOf = new Uint32Array(last + 1);
  let place = 0;
  for (const position of db.prepare('SELECT position FROM pending ORDER BY position').pluck().iterate() as IterableIterator<number>) {
    placeOf[position] = place;
    place += 1;
  }
  const orders = { key_order: 'key, kind', name_order: 'sort_name, key, position' };
  for (const [name, order] of Object.entries(orders)) {
    const sorted = new Uint32Array(count);
    let at = 0;
    for (const position of db.prepare(`SELECT position FROM pending ORDER BY ${order}`).pluck().iterate() as IterableIterator<number>) {
      sorted[at] = placeOf[position] ?? 0;
      at += 1;
    }
    writeAll(db, name, sorted);
  }
}

function writeAll(db: SqliteDatabase, name: string, values: Uint32Array): void {
  const column = writeNumbers(db, name);
  for (const value of values) column.push(value);
  column.end();
}
