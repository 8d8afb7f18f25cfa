import type { FieldValue } from '../../../../../shared/domain/field-value.ts';
import type { Outlier, ShapeDetail } from '../../../../../shared/domain/shape.ts';
import type { SqliteDatabase } from '../../open-database.ts';
import { countShapes } from './count-shapes.ts';
import { placesIn } from './masks.ts';
import type { Review } from './review.ts';

/** Of a larger shape no range is told, since that would mean to read all its bodies while others wait. */
const mostRead = 20_000;
const mostOutliers = 100;

type Example = ShapeDetail['examples'][number];

/** Everything about one change shape but its sample; null when no record of the snapshot has it. */
export function showShape(db: SqliteDatabase, review: Review, id: string): Omit<ShapeDetail, 'sample'> | null {
  const mask = review.match([{ name: 'shape', value: id, negated: false }]);
  const [shape] = countShapes(review, mask).shapes;
  if (shape === undefined) return null;
  const positions = Array.from(placesIn(mask), (place) => review.index.position[place] as number);
  return { ...shape, examples: shape.fields.map(({ field }) => exampleOf(db, review, field, positions)), outlierRecords: outliersIn(db, review, mask) };
}

function exampleOf(db: SqliteDatabase, { mapping }: Review, field: string, positions: readonly number[]): Example {
  const at = mapping.fields.findIndex((mapped) => mapped.field === field);
  const path = `$[${at}]`;
  const first = db.prepare('SELECT before -> @path AS before, after -> @path AS after FROM pending_body WHERE position = @position').get({ path, position: positions[0] }) as { before: string; after: string };
  const hasOrder = mapping.fields[at]?.type === 'instant' && positions.length <= mostRead;
  const range = hasOrder
    ? (db
        .prepare('SELECT MIN(b.after ->> @path) AS least, MAX(b.after ->> @path) AS most FROM json_each(@positions) e CROSS JOIN pending_body b ON b.position = e.value')
        .get({ path, positions: JSON.stringify(positions) }) as Pick<Example, 'least' | 'most'>)
    : { least: null, most: null };
  return { field, before: JSON.parse(first.before) as FieldValue, after: JSON.parse(first.after) as FieldValue, ...range };
}

/** The first that stand out, the rarest reason first. */
function outliersIn(db: SqliteDatabase, { index }: Review, mask: Uint8Array): Outlier[] {
  const rarest = (place: number): number => index.outliers[index.classOf[place] as number]?.[0]?.count ?? Infinity;
  const places = Array.from(placesIn(mask)).filter((place) => rarest(place) !== Infinity).sort((a, b) => rarest(a) - rarest(b) || a - b);
  const name = db.prepare('SELECT key, kind, name FROM pending WHERE position = ?');
  return places.slice(0, mostOutliers).map((place) => ({
    ...(name.get(index.position[place]) as Omit<Outlier, 'reasons'>),
    reasons: [...(index.outliers[index.classOf[place] as number] ?? [])],
  }));
}
