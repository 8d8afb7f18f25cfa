import type { CallOutput } from '../../../shared/contract.ts';
import type { Client } from '../../../shared/transport.ts';
import { failure } from '../fake-client.ts';

/** A client whose list of shapes lacks one, or cannot be read, as long as the address says so. */
export function withOddShapes(client: Client): Client {
  return {
    ...client,
    async call(name, input, signal) {
      const how = new URLSearchParams(window.location.hash.slice(1)).get('shapes');
      if (name !== 'shapes.list' || how === null) return client.call(name, input, signal);
      if (how === 'failing') throw failure('source-unavailable', 'The cache did not answer.');
      const { shapes, records } = (await client.call(name, input, signal)) as CallOutput<'shapes.list'>;
      return { records, shapes: shapes.slice(1) } as never;
    },
  };
}
