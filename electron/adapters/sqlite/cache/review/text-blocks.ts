/** So many records are told apart by their letters at once. */
const blockSize = 128;
const bits = 13;
const bytes = 2 ** bits / 8;
const runLength = 3;

/** For each block of records, which runs of three letters its texts hold, as a Bloom filter of one hash. Begins with nothing noted. */
export interface TextBlocks {
  /** Notes the letters of the next `count` blocks; false when there is none left. */
  note(count: number): boolean;
  /** Ranges of records, `to` not included, in order; outside of them no text holds these letters. */
  near(needle: string): { from: number; to: number }[];
}

/**
 * Keeps which letters stand where, so that a search need not look at texts that cannot hold what is looked for.
 *
 * Shape:  blocks that are not noted yet, and needles of less than three letters, rule nothing out.
 * Units:  1 KiB for each 128 records.
 * Source: B. H. Bloom, Space/time trade-offs in hash coding with allowable errors, CACM 13 (1970).
 */
export function createTextBlocks(letters: string, ends: Uint32Array): TextBlocks {
  const count = ends.length;
  const blocks = Math.ceil(count / blockSize);
  const filters = new Uint8Array(blocks * bytes);
  let noted = 0;
  let at = 0;
  const holdsAll = (block: number, hashes: readonly number[]): boolean => {
    for (const hash of hashes) if (((filters[block * bytes + (hash >>> 3)] as number) & (1 << (hash & 7))) === 0) return false;
    return true;
  };
  return {
    note(wanted) {
      for (const last = Math.min(blocks, noted + wanted); noted < last; noted += 1) {
        const end = ends[Math.min(count, (noted + 1) * blockSize) - 1] as number;
        // Runs over the end of a text into the next one are noted too: that costs a look in vain at most.
        for (let run = 0; at < end; at += 1) {
          run = ((run << 8) | letters.charCodeAt(at)) & 0xff_ff_ff;
          const hash = hashOf(run);
          const byte = noted * bytes + (hash >>> 3);
          filters[byte] = (filters[byte] as number) | (1 << (hash & 7));
        }
      }
      return noted < blocks;
    },
    near(needle) {
      const hashes = hashesOf(needle);
      const ranges: { from: number; to: number }[] = [];
      for (let block = 0; block < blocks; block += 1) {
        if (block < noted && !holdsAll(block, hashes)) continue;
        const from = block * blockSize;
        const to = Math.min(count, from + blockSize);
        const before = ranges.at(-1);
        if (before?.to === from) before.to = to;
        else ranges.push({ from, to });
      }
      return ranges;
    },
  };
}

/** Multiplicative hash of a run. Source: Knuth, The Art of Computer Programming, vol. 3, 6.4. */
function hashOf(run: number): number {
  return Math.imul(run, 2_654_435_761) >>> (32 - bits);
}

function hashesOf(needle: string): number[] {
  const hashes: number[] = [];
  for (let end = runLength; end <= needle.length; end += 1) {
    hashes.push(hashOf((needle.charCodeAt(end - 3) << 16) | (needle.charCodeAt(end - 2) << 8) | needle.charCodeAt(end - 1)));
  }
  return hashes;
}
