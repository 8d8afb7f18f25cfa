import { hash } from 'node:crypto';
import type { SqliteDatabase } from '../../open-database.ts';
import { placesIn, type Mask } from './masks.ts';
import type { ReviewIndex } from './review-index.ts';

const seedsKept = 3;
/** Hexadecimal digits of a digest that a number holds exactly. */
const exactDigits = 13;

/** Answers which records of a set a draw holds. */
export interface DrawMembers {
  of(draw: { seed: string; size: number }, population: Mask): Mask;
}

/**
 * Draws by digest: the `size` records whose SHA-256 of `seed NUL kind NUL key` is smallest. With the same seed a larger draw holds
 * the smaller one, whatever the set.
 *
 * Shape:  digests are kept for the newest seeds, so that only a first draw from a large set takes long.
 */
export function createDrawMembers(db: SqliteDatabase, index: ReviewIndex): DrawMembers {
  const known = new Map<string, Float64Array>();
  const nameOf = db.prepare('SELECT kind, key FROM pending WHERE position = ?');
  const digestOf = (seed: string, place: number): string => {
    const { kind, key } = nameOf.get(index.position[place]) as { kind: string; key: string };
    return hash('sha256', `${seed}\0${kind}\0${key}`, 'hex');
  };
  /** The first digits of the digest as a number; 0 is put a little higher, as it says that none was taken yet. */
  const startsOf = (seed: string): Float64Array => {
    const starts = known.get(seed) ?? new Float64Array(index.count);
    known.delete(seed);
    known.set(seed, starts);
    if (known.size > seedsKept) known.delete(known.keys().next().value as string);
    return starts;
  };
  return {
    of({ seed, size }, population) {
      const starts = startsOf(seed);
      const places = placesIn(population);
      for (const place of places) if (starts[place] === 0) starts[place] = Math.max(1, Number.parseInt(digestOf(seed, place).slice(0, exactDigits), 16));
      const mask = new Uint8Array(index.count);
      if (places.length <= size) return population.slice();
      const limit = Float64Array.from(places, (place) => starts[place] as number).sort()[size - 1] as number;
      const atLimit: number[] = [];
      let drawn = 0;
      for (const place of places) {
        const start = starts[place] as number;
        if (start === limit) atLimit.push(place);
        if (start >= limit) continue;
        mask[place] = 1;
        drawn += 1;
      }
      const digests = new Map(atLimit.map((place) => [place, digestOf(seed, place)]));
      const inOrder = atLimit.sort((a, b) => ((digests.get(a) ?? '') < (digests.get(b) ?? '') ? -1 : 1));
      for (const place of inOrder.slice(0, size - drawn)) mask[place] = 1;
      return mask;
    },
  };
}
