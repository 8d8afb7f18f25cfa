/** Runs work after all that was given before it. `leave` lets the next in before the work has ended. */
export type InTurn = <T>(work: (leave: () => void) => Promise<T>) => Promise<T>;

/**
 * Makes a queue for steps that look at something first and change it afterwards, so that nothing comes in between.
 *
 * Errors: a step that fails does not stop the next one; its failure goes to its own caller.
 */
export function createQueue(): InTurn {
  let last: Promise<void> = Promise.resolve();
  return async (work) => {
    const before = last;
    const { promise, resolve: leave } = Promise.withResolvers<void>();
    last = promise;
    await before;
    try {
      return await work(leave);
    } finally {
      leave();
    }
  };
}
