import { serveThread } from '../../../electron/adapters/threads/serve-thread.ts';

/** A thread that can be asked to die in every way there is. */
export type FrailCalls = Record<'wait' | 'fillMemory' | 'throwLater' | 'exit', { input: null; output: null }>;

serveThread<FrailCalls>(() => ({
  wait: () => new Promise<never>(() => {}),
  fillMemory() {
    const kept: string[][] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, at) => `${kept.length} ${at}`));
  },
  throwLater() {
    setImmediate(() => {
      throw new Error('made-up fault');
    });
    return new Promise<never>(() => {});
  },
  exit: () => process.exit(0),
}));
