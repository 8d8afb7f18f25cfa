import * as z from 'zod';

const id = z.number().int();

/** The names under which secrets are kept: a hash of the place that they are for, and what they are. */
const secretName = z.string().regex(/^[0-9a-f]{16}\.(?:databricks\.token|databricks\.refresh-token|salesforce\.refresh-token)$/u);
const secretValue = z.string().min(1).max(32_768).nullable();

/** What the main process and the core process say to each other, besides handing over the page's port. */
export const toCoreSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('connect') }),
  z.strictObject({ type: z.literal('save-file'), id, file: z.string().nullable() }),
  /** Answers both secret messages. `isLasting`: whether the keystore holds it, or would. */
  z.strictObject({ type: z.literal('secret'), id, value: secretValue, isLasting: z.boolean() }),
  z.strictObject({ type: z.literal('opened'), id, done: z.boolean() }),
  /** Answers any question that could not be answered otherwise. It holds no reason, which might hold a secret. */
  z.strictObject({ type: z.literal('unanswered'), id }),
  z.strictObject({ type: z.literal('close') }),
]);
export type ToCore = z.infer<typeof toCoreSchema>;

export const toMainSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('choose-save-file'), id, suggestedName: z.string() }),
  z.strictObject({ type: z.literal('get-secret'), id, name: secretName }),
  /** Null forgets it. */
  z.strictObject({ type: z.literal('set-secret'), id, name: secretName, value: secretValue }),
  z.strictObject({ type: z.literal('open-external'), id, url: z.string() }),
  /** Whether a run is at work: the machine must not fall asleep over it. */
  z.strictObject({ type: z.literal('at-work'), isAtWork: z.boolean() }),
  z.strictObject({ type: z.literal('failed'), message: z.string() }),
]);
export type ToMain = z.infer<typeof toMainSchema>;

const numberedSchema = z.object({ id });

/** The number of a message that is none of the above, so that whoever waits for its answer gets one; null when it has none. */
export function numberOf(message: unknown): number | null {
  return numberedSchema.safeParse(message).data?.id ?? null;
}

/** Name of the channel on which the page asks for its port and gets it. */
export const portChannel = 'countersign:port';
