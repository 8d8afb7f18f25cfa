import type { FieldValue } from '../../../../../shared/domain/field-value.ts';
import type { Cache } from '../../../../core/ports.ts';
import type { SqliteDatabase } from '../../open-database.ts';
import { fieldPlace, readFilter } from './field-terms.ts';
import type { Review } from './review.ts';

/**
 * Counts from which value to which one field changes, in the next `limit` records that send it, after a position.
 *
 * Errors: throws `invalid-input` for a field that the mapping does not have.
 */
export function countValues(db: SqliteDatabase, review: Review, { filter, field, after, limit }: Parameters<Cache['valuesSlice']>[0]): Awaited<ReturnType<Cache['valuesSlice']>> {
  const at = fieldPlace(review.mapping, field);
  const { index } = review;
  const mask = review.match(readFilter(filter));
  const isSent = index.classes.map(({ changedMask }) => (changedMask & (1 << at)) !== 0);
  const positions: number[] = [];
  let next: number | null = null;
  for (let place = 0; place < mask.length; place += 1) {
    const position = index.position[place] as number;
    if (mask[place] !== 1 || position <= after || isSent[index.classOf[place] as number] !== true) continue;
    if (positions.length === limit) {
      next = positions.at(-1) ?? null;
      break;
    }
    positions.push(position);
  }
  const rows = db
    .prepare('SELECT b.before -> @path AS before, b.after -> @path AS after, COUNT(*) AS count FROM json_each(@positions) e CROSS JOIN pending_body b ON b.position = e.value GROUP BY 1, 2')
    .all({ path: `$[${at}]`, positions: JSON.stringify(positions) }) as { before: string; after: string; count: number }[];
  const pairs = rows.map(({ before, after, count }) => ({ before: JSON.parse(before) as FieldValue, after: JSON.parse(after) as FieldValue, count }));
  return { pairs, records: positions.length, next };
}
