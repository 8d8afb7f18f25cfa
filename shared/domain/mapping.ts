import * as z from 'zod';
import { fieldTypes } from './field-value.ts';

export const rules = ['primary', 'any', 'earliest'] as const;
export type Rule = (typeof rules)[number];

export const mappedFieldSchema = z.strictObject({
  /** Column of the views that gives the value. */
  column: z.string().min(1),
  /** Salesforce API name. */
  field: z.string().min(1),
  /** Short label for people, e.g. `IDV enabled`. */
  label: z.string().min(1),
  type: z.enum(fieldTypes),
  rule: z.enum(rules),
  /** Longest text the field holds, in characters. */
  length: z.number().int().positive().optional(),
  required: z.boolean().optional(),
  /** True: a blank proposed over a filled value is sent. Default: the filled value is kept. */
  clear: z.boolean().optional(),
});
export type MappedField = z.infer<typeof mappedFieldSchema>;

/** Which view column goes to which Salesforce field, by which rule. At most 30 fields (they become bits of a mask). */
export const mappingSchema = z.strictObject({
  object: z.string().min(1),
  keyField: z.string().min(1),
  /** Filled by Salesforce's own workflow, read and shown, never written. */
  productionIdField: z.string().min(1),
  fields: z.array(mappedFieldSchema).min(1).max(30),
});
export type Mapping = z.infer<typeof mappingSchema>;
