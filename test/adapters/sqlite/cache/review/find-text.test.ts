import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addTextHits } from '../../../../../electron/adapters/sqlite/cache/review/find-text.ts';
import { createTextBlocks } from '../../../../../electron/adapters/sqlite/cache/review/text-blocks.ts';
import type { TextColumn } from '../../../../../electron/adapters/sqlite/cache/review/review-index.ts';

function columnOf(texts: readonly string[], blocksNoted: number): TextColumn {
  const parts = texts.map((text) => Buffer.from(text, 'utf8').toString('latin1'));
  const letters = parts.join('');
  let end = 0;
  const ends = Uint32Array.from(parts, (part) => (end += part.length));
  const blocks = createTextBlocks(letters, ends);
  blocks.note(blocksNoted);
  return { letters, ends, blocks };
}

test('a text is found in exactly the records that hold it, however many of them are told apart by their letters yet', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', ' ', '東'), maxLength: 6 });
  // Some records in the middle hold other letters, so that whole blocks can be ruled out.
  const texts = fc.tuple(fc.array(word, { maxLength: 300 }), fc.nat(600), fc.array(word, { maxLength: 300 })).map(([before, others, after]) => [...before, ...Array.from({ length: others }, (_, at) => `x${at % 7}yz`), ...after]);
  const wanted = fc.oneof(word.filter((text) => text !== ''), fc.constantFrom('x1y', 'yzx', 'z', 'x6yz'));
  fc.assert(
    fc.property(texts, wanted, fc.nat(12), (all, text, noted) => {
      const mask = new Uint8Array(all.length);
      addTextHits(mask, columnOf(all, noted), text);
      expect([...mask]).toEqual(all.map((one) => (one.includes(text) ? 1 : 0)));
    }),
    { numRuns: 300 },
  );
});

test('blocks that cannot hold what is looked for are not looked at', () => {
  const texts = Array.from({ length: 1_280 }, (_, at) => (at === 700 ? 'the only lighthouse' : `${at} park avenue`));
  const { blocks } = columnOf(texts, Number.MAX_SAFE_INTEGER);
  expect(blocks.near('lighthouse')).toEqual([{ from: 640, to: 768 }]);
  expect(blocks.near('no such name')).toEqual([]);
  expect(blocks.near('park')).toEqual([{ from: 0, to: 1_280 }]);
  expect(blocks.near('pa'), 'two letters tell nothing').toEqual([{ from: 0, to: 1_280 }]);
});
