import { expect, it } from 'vitest';
import { CallingThread } from '../../../electron/adapters/threads/calling-thread.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { FrailCalls } from './frail-worker.ts';

function frailThread(what?: string): CallingThread<FrailCalls> {
  return new CallingThread<FrailCalls>({
    entry: new URL('./frail-worker.ts', import.meta.url),
    data: null,
    limits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 24 },
    ended: () => new AppFailure('cancelled', 'It was ended.'),
    ...(what === undefined ? {} : { what }),
  });
}

const failureOf = (call: Promise<unknown>): Promise<unknown> => call.then(() => null, (reason: unknown) => (reason instanceof AppFailure ? reason.error : reason));

const again = 'What was under way has not finished. Try again: it is started anew.';

it.each([
  ['fillMemory', { message: `The made-up warehouse ran out of memory. ${again} Close other programs if it happens again.`, details: { verbatim: expect.stringContaining('memory') } }],
  ['throwLater', { message: `The made-up warehouse stopped by itself. ${again} Report it if it happens again.`, details: { verbatim: 'made-up fault' } }],
  ['exit', { message: `The made-up warehouse stopped by itself. ${again} Report it if it happens again.`, details: {} }],
] as const)('a thread that dies (%s) fails all its calls in plain words, and its owner can see it', async (way, words) => {
  const thread = frailThread('The made-up warehouse');
  expect(thread.isEnded).toBe(false);
  const underWay = failureOf(thread.call('wait', null));
  const failure = { code: 'source-unavailable', ...words };
  expect(await failureOf(thread.call(way, null))).toEqual(failure);
  expect([await underWay, await failureOf(thread.call('wait', null)), thread.isEnded]).toEqual([failure, failure, true]);
  await thread.end();
});

it('a thread that is ended fails its calls with the words of its owner', async () => {
  const thread = frailThread();
  const underWay = failureOf(thread.call('wait', null));
  await thread.end();
  const failure = { code: 'cancelled', message: 'It was ended.', details: {} };
  expect([await underWay, await failureOf(thread.call('wait', null)), thread.isEnded]).toEqual([failure, failure, true]);
});
