import type { FilterTerm } from '../../../../../shared/domain/filter.ts';
import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import type { SqliteDatabase } from '../../open-database.ts';
import { fieldPlace, splitValue } from './field-terms.ts';
import type { BodyMatch } from './match-filter.ts';
import { countMask, placesIn, type Mask } from './masks.ts';
import type { ReviewIndex } from './review-index.ts';

const mostKnown = 8;
/** Fewer records than this part of all are looked up one by one. */
const fewShare = 0.2;

/**
 * Decides `before:FIELD=VALUE` and `after:FIELD=VALUE` by the bodies of the records, and remembers what it has seen of them.
 *
 * Shape:  values as text: TRUE and FALSE, nothing for blank, instants as they are stored.
 */
export function createBodyMatch(db: SqliteDatabase, mapping: Mapping, index: ReviewIndex): BodyMatch {
  /** By term: 0 not looked at, 1 differs, 2 is the value. */
  const known = new Map<string, Uint8Array>();
  return ({ name, value }: FilterTerm, among: Mask): Mask => {
    const [field, wanted] = splitValue(value, '=');
    const path = `$[${fieldPlace(mapping, field)}]`;
    const question = `${name} ${value}`;
    const answers = known.get(question) ?? new Uint8Array(index.count);
    known.delete(question);
    known.set(question, answers);
    if (known.size > mostKnown) known.delete(known.keys().next().value as string);
    const open = among.map((bit, place) => (answers[place] === 0 ? bit : 0));
    const count = countMask(open);
    if (count > 0) {
      const isWanted = `COALESCE(CASE json_type(b.${name}, @path) WHEN 'true' THEN 'TRUE' WHEN 'false' THEN 'FALSE' ELSE CAST(json_extract(b.${name}, @path) AS TEXT) END, '') = @wanted`;
      const isFew = count < index.count * fewShare;
      const from = isFew ? 'json_each(@positions) e CROSS JOIN pending_body b ON b.position = e.value' : 'pending_body b';
      const positions = isFew ? JSON.stringify(Array.from(placesIn(open), (place) => index.position[place])) : null;
      for (let place = 0; place < open.length; place += 1) if (open[place] === 1) answers[place] = 1;
      const found = db.prepare(`SELECT b.position FROM ${from} WHERE ${isWanted}`).pluck();
      for (const position of found.iterate({ path, wanted, ...(isFew ? { positions } : {}) }) as IterableIterator<number>) answers[index.placeOf[position] as number] = 2;
    }
    return answers.map((answer) => (answer === 2 ? 1 : 0));
  };
}
