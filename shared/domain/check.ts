import * as z from 'zod';

export const severities = ['blocker', 'warning'] as const;
export type Severity = (typeof severities)[number];

/** One check of the validation suite with what it found in the current snapshot. */
export const checkResultSchema = z.strictObject({
  id: z.string(),
  severity: z.enum(severities),
  /** What it tests, in plain words. */
  meaning: z.string(),
  fix: z.string(),
  /** Where its subjects are: pending changes, RDS properties, staging records, fields of the org. */
  subject: z.enum(['pending', 'property', 'record', 'field']),
  count: z.number().int(),
  passed: z.boolean(),
  /** Keys of what was found, at most the first 1,000 in order. */
  keys: z.array(z.string()),
  /** Detail per key, where there is more to say; same order as `keys`. */
  details: z.array(z.string().nullable()),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

/** What no check and no preflight looks at, in words for people: the description of an object does not tell of it. */
export const neverChecked: readonly string[] = ['Triggers', 'Flows', 'Validation rules', 'Duplicate rules', 'Page layouts', 'Record types', 'Sharing'];
