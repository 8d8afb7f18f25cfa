import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addTextHits } from '../../../../../electron/adapters/sqlite/cache/review/find-text.ts';
import { createTextBlocks } from '../../../../../electron/adapters/sqlite/cache/review/text-blocks.ts';
import { createTextWords, digitWords, letterWords } from '../../../../../electron/adapters/sqlite/cache/review/text-words.ts';
import type { TextColumn } from '../../../../../electron/adapters/sqlite/cache/review/review-index.ts';

function columnOf(texts: readonly string[], blocksNoted: number, recordsNoted = 0): TextColumn {
  const parts = texts.map((text) => Buffer.from(text, 'utf8').toString('latin1'));
  const letters = parts.join('');
  let end = 0;
  const ends = Uint32Array.from(parts, (part) => (end += part.length));
  const blocks = createTextBlocks(letters, ends);
  blocks.note(blocksNoted);
  const words = [letterWords, digitWords].map((kind) => createTextWords({ letters, ends }, kind));
  for (const kind of words) for (let left = recordsNoted; left > 0 && kind.note(Math.min(left, 70)); left -= 70);
  return { letters, ends, blocks, words };
}

test('a text is found in exactly the records that hold it, however much is prepared by then', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '2', 'é', ' ', '東'), maxLength: 6 });
  // Some records in the middle hold other letters, so that whole blocks can be ruled out.
  const texts = fc.tuple(fc.array(word, { maxLength: 300 }), fc.nat(600), fc.array(word, { maxLength: 300 })).map(([before, others, after]) => [...before, ...Array.from({ length: others }, (_, at) => `x${at % 7}yz`), ...after]);
  const wanted = fc.oneof(word.filter((text) => text !== ''), fc.constantFrom('x1y', 'yzx', 'z', 'x6yz', 'abc', 'cab', 'bé', 'ééa', '東東', '東', '12', '1', '211'));
  fc.assert(
    fc.property(texts, wanted, fc.nat(12), fc.nat(3_000), (all, text, blocksNoted, recordsNoted) => {
      const mask = new Uint8Array(all.length);
      addTextHits(mask, columnOf(all, blocksNoted, recordsNoted), text);
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

test('words are found without a look at the texts, once all are noted; what is no word, or too short, is not', () => {
  const texts = ['cedar park', 'Parkview 2'.toLowerCase(), 'oak', 'sparks lane', '12 par k'];
  const { words } = columnOf(texts, 0, 2 * texts.length + 1);
  const found = (needle: string) => {
    const mask = new Uint8Array(texts.length);
    return words.some((kind) => kind.addHits(mask, needle)) ? [...mask] : null;
  };
  expect(found('park')).toEqual([1, 1, 0, 1, 0]);
  expect(found('lighthouse')).toEqual([0, 0, 0, 0, 0]);
  expect(found('12')).toEqual([0, 0, 0, 0, 1]);
  expect([found('pa'), found('2'), found('cedar park'), found('view 2')]).toEqual([null, null, null, null]);
});

test('words of a column that is half noted, or has as many as ids, tell nothing', () => {
  const half = createTextWords({ letters: 'oak', ends: Uint32Array.of(1, 3) }, letterWords);
  expect(half.note(1)).toBe(true);
  expect(half.addHits(new Uint8Array(2), 'oak')).toBe(false);
  const ids = Array.from({ length: 300_001 }, (_, at) => String(at).replaceAll(/\d/gu, (digit) => 'abcdefghij'[Number(digit)] ?? '').padStart(6, 'z'));
  const letters = ids.join('');
  const many = createTextWords({ letters, ends: Uint32Array.from(ids, (_, at) => (at + 1) * 6) }, letterWords);
  while (many.note(30_000));
  expect(many.addHits(new Uint8Array(ids.length), 'zza')).toBe(false);
});
