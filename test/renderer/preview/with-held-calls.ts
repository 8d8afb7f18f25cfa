import type { Client } from '../../../shared/transport.ts';

/** A client whose calls of one name wait, once `window.holdCalls` was run, until `window.answerCalls` is. */
export function withHeldCalls(client: Client, held: string): Client {
  let gate: Promise<unknown> = Promise.resolve();
  Object.assign(window, {
    holdCalls: () => {
      const { promise, resolve } = Promise.withResolvers();
      gate = promise;
      Object.assign(window, { answerCalls: resolve });
    },
  });
  return {
    ...client,
    call: async (name, ...rest) => {
      if (name === held) await gate;
      return client.call(name, ...rest);
    },
  };
}
