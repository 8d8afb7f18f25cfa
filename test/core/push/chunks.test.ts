import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkStateOf, cutChunks } from '../../../electron/core/push/chunks.ts';

describe('Chunks', () => {
  it('take 6 + 40 calls for 1,081 creates and 7,980 updates', () => {
    const chunks = cutChunks({ creates: 1_081, updates: 7_980 }, 200);
    expect([chunks.filter(({ operation }) => operation === 'create').length, chunks.filter(({ operation }) => operation === 'update').length]).toEqual([6, 40]);
  });

  it('hold every record once, creates first, in the fewest calls', () => {
    fc.assert(
      fc.property(fc.nat(2_000), fc.nat(2_000), fc.integer({ min: 1, max: 200 }), (creates, updates, size) => {
        const chunks = cutChunks({ creates, updates }, size);
        const of = (operation: string) => chunks.filter((chunk) => chunk.operation === operation);
        const sum = (operation: string) => of(operation).reduce((total, { records }) => total + records, 0);
        expect([sum('create'), sum('update')]).toEqual([creates, updates]);
        expect([of('create').length, of('update').length]).toEqual([Math.ceil(creates / size), Math.ceil(updates / size)]);
        expect(chunks.map(({ number }) => number)).toEqual(chunks.map((_, index) => index + 1));
        expect(chunks.every(({ records }) => records > 0 && records <= size)).toBe(true);
        expect(chunks.map(({ operation }) => operation)).toEqual(chunks.map(({ operation }) => operation).toSorted());
      }),
    );
  });

  it('show the worst that happened in them', () => {
    expect(chunkStateOf(['succeeded', 'skipped'])).toBe('done');
    expect(chunkStateOf(['succeeded', 'stale'])).toBe('stale');
    expect(chunkStateOf(['stale', 'failed'])).toBe('failed');
    expect(chunkStateOf(['failed', 'planned'])).toBe('waiting');
    expect(chunkStateOf(['planned', 'unknown'])).toBe('unknown');
    expect(chunkStateOf(['unknown', 'sending'])).toBe('sending');
  });
});
