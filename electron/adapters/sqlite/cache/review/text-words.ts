import type { Mask } from './masks.ts';

const leastLetters = 3;

/** A column of more different words than this is one of ids and not of names; going through all of them would take as long as the texts. */
const mostWords = 100_000;

/** The records of a text column by the words in them: a word is a longest run of letters. Begins with no record noted. */
export interface TextWords {
  /** Notes the words of the next `count` records; false when there is nothing left to do. */
  note(count: number): boolean;
  /**
   * Adds the records whose text holds what is looked for. Answers false, and adds nothing, where it cannot tell: not all records are
   * noted, the needle has something else than letters or is short, or the column has too many words.
   */
  addHits(mask: Mask, needle: string): boolean;
}

/** Prepares to note the words of a text column; letters are those of folded UTF-8, a byte each. */
export function createTextWords(letters: string, ends: Uint32Array): TextWords {
  const count = ends.length;
  const idOf = new Map<string, number>();
  // A word takes four bytes at least, with what stands behind it.
  let runs = new Uint32Array(Math.ceil((letters.length + 1) / (leastLetters + 1)));
  const runEnds = new Uint32Array(count);
  let runCount = 0;
  let noted = 0;
  let found: Postings | null = null;

  const noteWord = (from: number, to: number): void => {
    if (to - from < leastLetters) return;
    const word = letters.slice(from, to);
    let id = idOf.get(word);
    if (id === undefined) idOf.set(word, (id = idOf.size));
    runs[runCount] = id;
    runCount += 1;
  };
  const noteRecord = (place: number): void => {
    const end = ends[place] as number;
    let from = place === 0 ? 0 : (ends[place - 1] as number);
    for (let at = from; at < end; at += 1) {
      if (isLetter(letters.charCodeAt(at))) continue;
      noteWord(from, at);
      from = at + 1;
    }
    noteWord(from, end);
    runEnds[place] = runCount;
  };

  return {
    note(wanted) {
      if (noted === count) return false;
      for (const last = Math.min(count, noted + wanted); noted < last && idOf.size <= mostWords; noted += 1) noteRecord(noted);
      const isTooMany = idOf.size > mostWords;
      if (!isTooMany && noted < count) return true;
      if (!isTooMany) found = postingsOf([...idOf.keys()], runs, runEnds);
      noted = count;
      idOf.clear();
      runs = new Uint32Array();
      return false;
    },
    addHits(mask, needle) {
      if (found === null || needle.length < leastLetters || !isWord(needle)) return false;
      const { words, starts, places } = found;
      for (const [id, word] of words.entries()) {
        if (!word.includes(needle)) continue;
        const end = starts[id + 1] as number;
        for (let at = starts[id] as number; at < end; at += 1) mask[places[at] as number] = 1;
      }
      return true;
    },
  };
}

/** Where each word stands: the records of word `id` are `places` from `starts[id]` to `starts[id + 1]`. */
interface Postings {
  words: readonly string[];
  starts: Uint32Array;
  places: Uint32Array;
}

/** Counting sort of the runs by their word. */
function postingsOf(words: readonly string[], runs: Uint32Array, runEnds: Uint32Array): Postings {
  const runCount = runEnds.at(-1) ?? 0;
  const starts = new Uint32Array(words.length + 1);
  for (let run = 0; run < runCount; run += 1) (starts[(runs[run] as number) + 1] as number) += 1;
  for (let id = 1; id < starts.length; id += 1) (starts[id] as number) += starts[id - 1] as number;
  const next = starts.slice();
  const places = new Uint32Array(runCount);
  for (let place = 0, run = 0; place < runEnds.length; place += 1) {
    for (; run < (runEnds[place] as number); run += 1) {
      const id = runs[run] as number;
      places[next[id] as number] = place;
      (next[id] as number) += 1;
    }
  }
  return { words, starts, places };
}

/** `a` to `z`, and every byte of a letter or sign beyond ASCII. */
function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || code >= 0x80;
}

function isWord(needle: string): boolean {
  for (let at = 0; at < needle.length; at += 1) if (!isLetter(needle.charCodeAt(at))) return false;
  return true;
}
