import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from '../../core/warehouse-ports.ts';

const name = 'salesforce.refresh-token';
const keptSchema = z.strictObject({ given: z.string(), token: z.string().min(1) });

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What is stored; null for nothing, and for a text of another kind. */
function readKept(text: string | null): z.infer<typeof keptSchema> | null {
  try {
    return keptSchema.parse(JSON.parse(text ?? 'null'));
  } catch {
    return null;
  }
}

/**
 * The refresh token to sign in with: the one that Salesforce gave last, unless a person has given another one since.
 *
 * Shape:  `given` is the token of the environment. A stored one counts only beside the hash of the given one that it came from.
 * Errors: as `secrets`. A token that cannot be read must not be replaced by an older one: Salesforce ends the whole sign-in when a
 *         used token comes again.
 */
export async function keptRefreshToken(secrets: Secrets, given: string): Promise<{ token: string; save(token: string): Promise<void> }> {
  const kept = readKept(await secrets.get(name));
  return {
    token: kept?.given === hashOf(given) ? kept.token : given,
    save: (token) => secrets.set(name, JSON.stringify({ given: hashOf(given), token })),
  };
}
