import { expect, test } from 'vitest';
import { WriteBehind } from '../../../electron/core/snapshot/write-behind.ts';

test('two batches may wait to be stored; a third waits until the first is', async () => {
  const stored = new WriteBehind();
  const first = Promise.withResolvers<void>();
  await stored.add(first.promise);
  await stored.add(Promise.resolve());
  const third = stored.add(Promise.resolve());
  expect(await Promise.race([third, Promise.resolve('waits')])).toBe('waits');
  first.resolve();
  expect(await third).toBeUndefined();
  await stored.end();
});

test('what storing a batch throws is thrown a little later, once', async () => {
  const stored = new WriteBehind();
  await stored.add(Promise.reject(new Error('The disk is full.')));
  await expect(stored.end()).rejects.toThrow('The disk is full.');
  await expect(stored.end()).resolves.toBeUndefined();
});
