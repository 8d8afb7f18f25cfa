import * as z from 'zod';

/** A number that can be checked: what was counted, out of what, over which time. */
export const metricSchema = z.strictObject({ value: z.number().nullable(), numerator: z.number().nullable(), denominator: z.number().nullable(), window: z.string() });
export type Metric = z.infer<typeof metricSchema>;

export const metricNames = ['toCreate', 'toUpdate', 'p1Waiting', 'activeMissing', 'coverage', 'accuracyByRecord', 'accuracyByFlag', 'multiPropertyGroups', 'errorRateLastRun'] as const;
export type MetricName = (typeof metricNames)[number];
