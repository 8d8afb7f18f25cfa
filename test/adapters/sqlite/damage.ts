import fc from 'fast-check';

/** What becomes of a file on a bad disk; places are parts of its length, from 0 to 1. */
export type Damage =
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'cut'; at: number }
  | { kind: 'zeroes' | 'junk'; at: number; pages: number };

// Doubles of fast-check crowd near zero; these are spread evenly.
const place = fc.integer({ min: 0, max: 999_999 }).map((part) => part / 1_000_000);

export const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
  fc.record({ kind: fc.constantFrom('zeroes' as const, 'junk' as const), at: place, pages: fc.integer({ min: 1, max: 4 }) }),
);

const pageBytes = 4096;

/** The bytes of a file after a damage. */
export function damaged(bytes: Buffer, damage: Damage): Buffer {
  const at = Math.floor(damage.at * bytes.length);
  const copy = Buffer.from(bytes);
  if (damage.kind === 'cut') return copy.subarray(0, at);
  if (damage.kind === 'flip') {
    copy[at] = (copy[at] as number) ^ (1 << damage.bit);
    return copy;
  }
  const begin = at - (at % pageBytes);
  return copy.fill(damage.kind === 'zeroes' ? 0 : 0xa5, begin, Math.min(bytes.length, begin + damage.pages * pageBytes));
}
