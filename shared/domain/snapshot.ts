import * as z from 'zod';
import { fieldValueSchema } from './field-value.ts';

export const snapshotSchema = z.strictObject({
  /** `S-0001` and on: counts refreshes of this workspace. */
  id: z.string(),
  takenAt: z.string(),
  creates: z.number().int(),
  updates: z.number().int(),
  unchanged: z.number().int(),
  p1: z.number().int(),
  featureMismatches: z.number().int(),
  multiPropertyGroups: z.number().int(),
  multiPropertyMembers: z.number().int(),
  added: z.number().int(),
  changed: z.number().int(),
  removed: z.number().int(),
  activeProperties: z.number().int(),
  /** Rows read from each source. */
  rows: z.strictObject({ properties: z.number().int(), propertyFeatures: z.number().int(), productProperty: z.number().int(), orgRecords: z.number().int() }),
  seconds: z.number(),
  notices: z.array(z.string()),
  /** Names the state of source, org and rules as it was just before they were read; what `snapshot.probe` compares with. Null where it could not be told. */
  readFrom: z.strictObject({ source: z.string().nullable(), org: z.string().nullable(), rules: z.string().nullable().default(null) }).default({ source: null, org: null, rules: null }),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

export const sinceLastStates = ['added', 'changed', 'removed'] as const;
/** One pending change that the last refresh added, changed or took away. */
export const sinceLastSchema = z.strictObject({
  kind: z.enum(['create', 'update']),
  key: z.string(),
  state: z.enum(sinceLastStates),
  name: z.string().nullable(),
  /** What the last snapshot proposed and what is proposed now, for the fields in which they differ; a changed record has at least one, or another `before`. */
  fields: z.array(z.strictObject({ field: z.string(), label: z.string(), was: fieldValueSchema, now: fieldValueSchema, part: z.enum(['proposed', 'salesforce', 'contributors']) })),
  /** The decision that fell away with the old content. */
  fallen: z.strictObject({ decision: z.enum(['approve', 'hold', 'exclude']), by: z.string(), at: z.string(), reason: z.string().nullable() }).nullable(),
});
export type SinceLast = z.infer<typeof sinceLastSchema>;

export const refreshSteps = ['source', 'views', 'org', 'compare', 'checks', 'save'] as const;
export const refreshProgressSchema = z.strictObject({
  step: z.enum(refreshSteps),
  done: z.number().int(),
  total: z.number().int().nullable(),
  rowsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type RefreshProgress = z.infer<typeof refreshProgressSchema>;
