import * as z from 'zod';
import { pendingKeySchema } from './pending-change.ts';

/** What a bulk action works on: all in a filter except some, or a short list. Never a list of a million ids. */
export const selectionSchema = z.union([
  z.strictObject({ filter: z.string(), except: z.array(pendingKeySchema).max(10_000).default([]) }),
  z.strictObject({ items: z.array(pendingKeySchema).min(1).max(10_000) }),
]);
export type Selection = z.infer<typeof selectionSchema>;
