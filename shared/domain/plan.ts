import * as z from 'zod';
import { fieldValueSchema } from './field-value.ts';
import { kindSchema } from './pending-change.ts';
import { mappingSchema } from './mapping.ts';

/** What would be written to one record: only the fields that change, each with its value before and after. */
export const planRecordSchema = z.strictObject({
  key: z.string(),
  kind: kindSchema,
  /** Salesforce id of the record to update; null for a create. */
  recordId: z.string().nullable(),
  name: z.string().nullable(),
  fields: z.record(z.string(), z.strictObject({ before: fieldValueSchema, after: fieldValueSchema })),
  contributors: z.array(z.string()),
});
export type PlanRecord = z.infer<typeof planRecordSchema>;

/** The Salesforce user in whose name a plan was made, and as whom it is pushed. */
export const orgUserSchema = z.strictObject({ id: z.string(), username: z.string() });
export type OrgUser = z.infer<typeof orgUserSchema>;

/**
 * The frozen content of a batch. Its hash is SHA-256 over the canonical JSON (RFC 8785) of
 * `{ ...header, records }`, records in order of kind, then key (byte order).
 */
export const planHeaderSchema = z.discriminatedUnion('version', [
  /** Plans frozen before the user was part of them; they bind nobody. */
  z.strictObject({ version: z.literal(1), orgId: z.string(), apiVersion: z.string(), mapping: mappingSchema }),
  z.strictObject({ version: z.literal(2), orgId: z.string(), user: orgUserSchema, apiVersion: z.string(), mapping: mappingSchema }),
]);
export type PlanHeader = z.infer<typeof planHeaderSchema>;
