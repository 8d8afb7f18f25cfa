import type { CallInput } from '../../../shared/contract.ts';
import type { Client } from '../../../shared/transport.ts';

/**
 * A client with another Countersign on the same workspace: it holds the first record of a filter right before all of them are decided on
 * for the first time. No event tells of it.
 */
export function withOtherAdmin(client: Client): Client {
  let isQuiet = false;
  let hasHeld = false;
  const holdFirst = async (filter: string) => {
    const { items } = await client.call('pending.page', { filter, limit: 1 });
    isQuiet = true;
    await client.call('pending.decide', { selection: { items: items.map(({ key, kind }) => ({ key, kind })) }, decision: 'hold', reason: 'Held elsewhere' });
    isQuiet = false;
  };
  return {
    ...client,
    on: (name, listener) =>
      client.on(name, (payload) => {
        if (!isQuiet) listener(payload);
      }),
    async call(name, input, signal) {
      const { selection } = input as Partial<CallInput<'pending.decide'>>;
      if (name === 'pending.decide' && !hasHeld && selection !== undefined && 'filter' in selection) {
        hasHeld = true;
        await holdFirst(selection.filter);
      }
      return client.call(name, input, signal);
    },
  };
}
