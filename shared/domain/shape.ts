import * as z from 'zod';
import { fieldValueSchema } from './field-value.ts';
import { rules } from './mapping.ts';
import { kindSchema, pendingKeySchema, priorities } from './pending-change.ts';
import { outlierReasonSchema } from './review.ts';
import { transitions } from './transition.ts';

/** What a field does in every record of a shape. */
export const shapeFieldSchema = z.strictObject({ field: z.string(), label: z.string(), rule: z.enum(rules), transition: z.enum(transitions) });

/**
 * A class of pending changes: the same kind of record, the same changed fields, the same kind of transition in each. Every pending
 * change is in exactly one shape. The id depends on these alone, so that it stays the same from snapshot to snapshot.
 */
export const shapeSchema = z.strictObject({
  id: z.string(),
  kind: kindSchema,
  priority: z.enum(priorities),
  /** True for records of several properties. */
  isMulti: z.boolean(),
  /** In the mapping's order; fields that are not sent are left out. */
  fields: z.array(shapeFieldSchema),
  count: z.number().int(),
  /** Records that stand out. */
  outliers: z.number().int(),
  viewed: z.number().int(),
  flagged: z.number().int(),
  blocked: z.number().int(),
  decided: z.strictObject({ none: z.number().int(), approve: z.number().int(), hold: z.number().int(), exclude: z.number().int() }),
});
export type Shape = z.infer<typeof shapeSchema>;

export const outlierSchema = z.strictObject({ ...pendingKeySchema.shape, name: z.string().nullable(), reasons: z.array(outlierReasonSchema) });
export type Outlier = z.infer<typeof outlierSchema>;

/**
 * A random draw. The core makes the seed, so that nobody picks the records: members are those of the drawn-from set whose
 * SHA-256 of `seed NUL kind NUL key` comes first. A larger draw with the same seed holds the smaller one.
 */
export const sampleSchema = z.strictObject({
  id: z.string(),
  /** What it was drawn from. */
  filter: z.string(),
  seed: z.string(),
  size: z.number().int(),
  /** Records in the set now. */
  population: z.number().int(),
  drawn: z.number().int(),
  viewed: z.number().int(),
  /** Flagged, held or excluded. */
  wrong: z.number().int(),
  /** At most this part of the population is wrong, at 95 % confidence; null while a drawn record is unseen. */
  bound: z.number().nullable(),
  by: z.string(),
  at: z.string(),
});
export type Sample = z.infer<typeof sampleSchema>;

export const shapeDetailSchema = z.strictObject({
  ...shapeSchema.shape,
  /** One example of each field, and the range of what comes out, where the field has an order. */
  examples: z.array(z.strictObject({ field: z.string(), before: fieldValueSchema, after: fieldValueSchema, least: fieldValueSchema, most: fieldValueSchema })),
  /** The first 100, the rarest reason first. */
  outlierRecords: z.array(outlierSchema),
  /** The newest draw from this shape without its outliers. */
  sample: sampleSchema.nullable(),
});
export type ShapeDetail = z.infer<typeof shapeDetailSchema>;

/** The filter of the records of a shape, without its outliers when `isAlike`. */
export function shapeFilter(id: string, isAlike = false): string {
  return isAlike ? `shape:${id} outlier:false` : `shape:${id}`;
}
