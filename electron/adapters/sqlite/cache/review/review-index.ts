import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import type { OutlierReason } from '../../../../../shared/domain/review.ts';
import type { SqliteDatabase } from '../../open-database.ts';
import { foldText } from '../fold-text.ts';
import { readBytes, readNumbers } from './column-parts.ts';
import type { Letters } from './find-letters.ts';
import { findOutliers } from './outliers.ts';
import { readClass, type ReviewClass } from './review-class.ts';
import { createTextBlocks, type TextBlocks } from './text-blocks.ts';
import { createTextWords, digitWords, letterWords, type TextWords } from './text-words.ts';

/** A column whose numbers stand for texts. */
export interface ValueColumn {
  ids: Uint32Array;
  /** The text of each number; null is blank. */
  values: readonly (string | null)[];
  folded: readonly string[];
}

/** Texts of all records. */
export interface TextColumn extends Letters {
  blocks: TextBlocks;
  /** By the words of each kind. */
  words: readonly TextWords[];
}

/** The pending changes of one snapshot in columns. A record is named by its place in order of position, from 0 on. */
export interface ReviewIndex {
  count: number;
  position: Uint32Array;
  /** Place of each position; meaningless for a position that is not pending. */
  placeOf: Uint32Array;
  classOf: Uint32Array;
  classes: readonly ReviewClass[];
  /** Why the records of a class stand out. */
  outliers: readonly (readonly OutlierReason[])[];
  contributors: Uint32Array;
  since: Uint32Array;
  company: ValueColumn;
  state: ValueColumn;
  city: ValueColumn;
  name: TextColumn;
  text: TextColumn;
  keyOrder: Uint32Array;
  nameOrder: Uint32Array;
  /** Place of each record in `keyOrder`. */
  keyPlace: Uint32Array;
}

/** Loads the columns of the snapshot that the connection sees. */
export function loadReviewIndex(db: SqliteDatabase, mapping: Mapping): ReviewIndex {
  const position = readNumbers(db, 'position');
  const count = position.length;
  const placeOf = new Uint32Array((position.at(-1) ?? 0) + 1);
  for (let place = 0; place < count; place += 1) placeOf[position[place] as number] = place;
  const classOf = readNumbers(db, 'class');
  const classes = (db.prepare('SELECT facts FROM review_class ORDER BY id').pluck().all() as string[]).map((facts) => readClass(mapping, facts));
  const counts = new Uint32Array(classes.length);
  for (let place = 0; place < count; place += 1) (counts[classOf[place] as number] as number) += 1;
  const keyOrder = readNumbers(db, 'key_order');
  return {
    count,
    position,
    placeOf,
    classOf,
    classes,
    outliers: findOutliers(classes, counts),
    contributors: readNumbers(db, 'contributors'),
    since: readNumbers(db, 'since'),
    company: readValues(db, 'company'),
    state: readValues(db, 'state'),
    city: readValues(db, 'city'),
    name: readTexts(db, 'name'),
    text: readTexts(db, 'text'),
    keyOrder,
    nameOrder: readNumbers(db, 'name_order'),
    keyPlace: inverse(keyOrder),
  };
}

/** Where each record stands in an order. */
export function inverse(order: Uint32Array): Uint32Array {
  const places = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at += 1) places[order[at] as number] = at;
  return places;
}

/** The place of a record, or null when nothing of that kind is pending under the key. */
export function placeOfKey(db: SqliteDatabase, index: ReviewIndex, { key, kind }: { key: string; kind: string }): number | null {
  const position = db.prepare('SELECT position FROM pending WHERE key = ? AND kind = ?').pluck().get(key, kind) as number | undefined;
  return position === undefined ? null : (index.placeOf[position] ?? null);
}

function readValues(db: SqliteDatabase, name: string): ValueColumn {
  const values = db.prepare('SELECT value FROM review_value WHERE name = ? ORDER BY id').pluck().all(name) as (string | null)[];
  return { ids: readNumbers(db, name), values, folded: values.map((value) => foldText(value ?? '')) };
}

function readTexts(db: SqliteDatabase, name: 'name' | 'text'): TextColumn {
  const letters = readBytes(db, name).toString('latin1');
  const ends = readNumbers(db, `${name}_end`);
  return { letters, ends, blocks: createTextBlocks(letters, ends), words: [letterWords, digitWords].map((kind) => createTextWords({ letters, ends }, kind)) };
}
