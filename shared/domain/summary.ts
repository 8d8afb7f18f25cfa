import * as z from 'zod';
import { fieldTypes, fieldValueSchema } from './field-value.ts';
import { rules } from './mapping.ts';
import { transitions } from './transition.ts';

/** How the records of a filter change, field by field. Each number comes with the filter terms that open exactly its records. */
export const summarySchema = z.strictObject({
  records: z.number().int(),
  fields: z.array(
    z.strictObject({
      field: z.string(),
      label: z.string(),
      type: z.enum(fieldTypes),
      rule: z.enum(rules),
      /** Records in which it is sent. */
      count: z.number().int(),
      transitions: z.array(z.strictObject({ transition: z.enum(transitions), count: z.number().int() })),
    }),
  ),
  /** Records by their number of contributors: 1, 2, 3, 4, and `5+`; values for the filter term `contributors`. */
  contributors: z.array(z.strictObject({ value: z.string(), count: z.number().int() })),
});
export type Summary = z.infer<typeof summarySchema>;

/** The most frequent changes of one field from one value to another. */
export const valueSummarySchema = z.strictObject({
  field: z.string(),
  records: z.number().int(),
  /** How many different pairs there are. */
  pairs: z.number().int(),
  top: z.array(z.strictObject({ before: fieldValueSchema, after: fieldValueSchema, count: z.number().int() })),
});
export type ValueSummary = z.infer<typeof valueSummarySchema>;
