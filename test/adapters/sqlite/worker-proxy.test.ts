import { describe, expect, test } from 'vitest';
import { inWorker } from '../../../electron/adapters/sqlite/worker-proxy.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { CountingStore } from './counting-store.ts';

const entry = new URL('./counting-store.ts', import.meta.url);

describe('a store in a worker thread', () => {
  test('answers calls in the order they were made', async () => {
    const { proxy, close } = await inWorker<CountingStore>(entry, { start: 10 });
    expect(await Promise.all([proxy.add(1), proxy.add(2), proxy.add(3)])).toEqual([11, 13, 16]);
    await close();
  });

  test('throws expected failures as such and bugs as bugs, and goes on working', async () => {
    const { proxy, close } = await inWorker<CountingStore>(entry, { start: 0 });
    const failure = await proxy.refuse().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppFailure);
    expect(failure).toMatchObject({ error: { code: 'refused', message: 'No.', details: { rule: 'paused' } } });
    await expect(proxy.break()).rejects.toThrow('a bug');
    expect(await proxy.add(1)).toBe(1);
    await close();
  });

  test('that cannot start rejects with its own reason', async () => {
    await expect(inWorker<CountingStore>(entry, { start: -1 })).rejects.toMatchObject({ error: { code: 'invalid-input' } });
    await expect(inWorker<CountingStore>(new URL('./no-such-module.ts', import.meta.url), {})).rejects.toThrow(/no-such-module/u);
  });

  test('that was closed rejects calls, and may be closed again', async () => {
    const { proxy, close } = await inWorker<CountingStore>(entry, { start: 0 });
    await close();
    await close();
    await expect(proxy.add(1)).rejects.toThrow('The store was closed.');
  });

  test.each([
    ['fillMemory', 'ran out of memory', { verbatim: expect.stringContaining('memory') }],
    ['exit', 'stopped by itself', {}],
  ] as const)('that dies (%s) fails all its calls in plain words, and can be closed', async (way, why, details) => {
    const { proxy, close } = await inWorker<CountingStore>(entry, { start: 0 }, { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 });
    const failure = { error: { code: 'unexpected', message: expect.stringContaining(`The local database ${why}. `), details } };
    await expect(proxy[way]()).rejects.toMatchObject(failure);
    await expect(proxy.add(1)).rejects.toMatchObject(failure);
    await close();
  });

  test('that cannot close says so, and its thread ends nevertheless', async () => {
    const { proxy, close } = await inWorker<CountingStore>(entry, { start: 0, closesBadly: true });
    await expect(close()).rejects.toMatchObject({ error: { code: 'audit-not-writable', message: 'The disk is full.' } });
    await expect(proxy.add(1)).rejects.toThrow('The store was closed.');
  });
});
