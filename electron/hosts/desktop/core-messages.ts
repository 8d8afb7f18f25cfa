import * as z from 'zod';

/** What the main process and the core process say to each other, besides handing over the page's port. */
export const toCoreSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('connect') }),
  z.strictObject({ type: z.literal('save-file'), id: z.number().int(), file: z.string().nullable() }),
  z.strictObject({ type: z.literal('close') }),
]);
export type ToCore = z.infer<typeof toCoreSchema>;

export const toMainSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('choose-save-file'), id: z.number().int(), suggestedName: z.string() }),
  z.strictObject({ type: z.literal('failed'), message: z.string() }),
]);
export type ToMain = z.infer<typeof toMainSchema>;

/** Name of the channel on which the page asks for its port and gets it. */
export const portChannel = 'countersign:port';
