import type { Client } from '../../../shared/transport.ts';
import { CallFailure } from '../../../shared/transport.ts';

/** A client whose calls of one name fail until `window.mendCalls` was run. */
export function withFailingCalls(client: Client, failing: string): Client {
  let isMended = false;
  Object.assign(window, { mendCalls: () => (isMended = true) });
  return {
    ...client,
    async call(name, ...rest) {
      if (name === failing && !isMended) throw new CallFailure({ code: 'audit-not-writable', message: 'The disk is full.', details: {} });
      return client.call(name, ...rest);
    },
  };
}
