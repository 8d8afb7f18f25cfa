import type { CallInput, CallOutput } from '../../../shared/contract.ts';
import type { Client } from '../../../shared/transport.ts';

/** A client in whose every shape a million records match. */
export function withMillion(client: Client): Client {
  return {
    ...client,
    async call(name, input, signal) {
      const output = await client.call(name, input, signal);
      const filter = name === 'pending.facets' ? ((input as CallInput<'pending.facets'>).filter ?? '') : '';
      return filter.includes('shape:') ? ({ ...(output as CallOutput<'pending.facets'>), matching: 1_000_000 } as never) : output;
    },
  };
}
