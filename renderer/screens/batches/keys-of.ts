import type { CallInput } from '../../../shared/contract.ts';
import type { CancelSignal, Client } from '../../../shared/transport.ts';

const pageSize = 5_000;

/** The keys of all records of a batch that match, with how many are creates and updates. */
export async function keysOf(client: Client, input: Pick<CallInput<'batches.records'>, 'id' | 'outcome'>, signal: CancelSignal): Promise<{ keys: string[]; creates: number; updates: number }> {
  const found = { keys: [] as string[], creates: 0, updates: 0 };
  let after: string | null | undefined;
  while (after !== null) {
    const page = await client.call('batches.records', { ...input, limit: pageSize, ...(after === undefined ? {} : { after }) }, signal);
    for (const { key, operation } of page.items) {
      found.keys.push(key);
      found[operation === 'create' ? 'creates' : 'updates'] += 1;
    }
    after = page.next;
  }
  return found;
}
