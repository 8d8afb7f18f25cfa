import { AppFailure } from '../../../electron/core/app-failure.ts';

export interface CountingStore {
  add(number: number): number;
  refuse(): never;
  break(): never;
  fillMemory(): never;
  exit(): never;
  close(): void;
}

/** A store for the tests of the worker proxy. */
export function createStore(init: { start: number; closesBadly?: boolean }): CountingStore {
  if (init.start < 0) throw new AppFailure('invalid-input', 'It starts at zero.');
  let sum = init.start;
  return {
    add: (number) => (sum += number),
    refuse: () => {
      throw new AppFailure('refused', 'No.', { rule: 'paused' });
    },
    break: () => {
      throw new TypeError('a bug');
    },
    fillMemory: () => {
      const kept: string[][] = [];
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, at) => `${kept.length} ${at}`));
    },
    exit: () => process.exit(0),
    close: () => {
      if (init.closesBadly) throw new AppFailure('audit-not-writable', 'The disk is full.');
    },
  };
}
