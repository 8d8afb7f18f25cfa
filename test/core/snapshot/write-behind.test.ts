import { expect, test } from 'vitest';
import { WriteBehind } from '../../../electron/core/snapshot/write-behind.ts';

test('one batch may wait to be stored; the next waits until it is', async () => {
  const stored = new WriteBehind();
  const first = Promise.withResolvers<void>();
  await stored.add(first.promise);
  const second = stored.add(Promise.resolve());
  expect(await Promise.race([second, Promise.resolve('waits')])).toBe('waits');
  first.resolve();
  expect(await second).toBeUndefined();
  await stored.end();
});

test('what storing a batch throws is thrown a little later, once', async () => {
  const stored = new WriteBehind();
  await stored.add(Promise.reject(new Error('The disk is full.')));
  await expect(stored.end()).rejects.toThrow('The disk is full.');
  await expect(stored.end()).resolves.toBeUndefined();
});
