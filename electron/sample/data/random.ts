/** A reproducible source of chance: the same seed always gives the same sequence. */
export interface Random {
  /** A whole number from 0 up to, and without, `limit`. */
  integer(limit: number): number;
  chance(probability: number): boolean;
  /** One item of a list that is not empty. */
  pick<T>(items: readonly T[]): T;
}

/**
 * Makes a source of chance from a 32-bit seed.
 *
 * Source: mulberry32 by Tommy Ettinger (public domain).
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const integer = (limit: number): number => Math.floor(next() * limit);
  return {
    integer,
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]) => items[integer(items.length)] as T,
  };
}

/**
 * A 32-bit number from a text.
 *
 * Source: FNV-1a, 32 bits.
 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/**
 * Scatters 32-bit numbers so that different numbers stay different.
 *
 * Source: the finaliser of MurmurHash3, which is a bijection.
 */
export function scatter(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
