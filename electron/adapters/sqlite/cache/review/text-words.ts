import { eachHolding, startOf, type Letters } from './find-letters.ts';
import type { Mask } from './masks.ts';

/** What words are made of, and how few of it make one. */
export interface WordKind {
  holds(code: number): boolean;
  least: number;
}

/** Of `a` to `z`, and every byte of a letter or sign beyond ASCII. */
export const letterWords: WordKind = { holds: (code) => (code >= 0x61 && code <= 0x7a) || code >= 0x80, least: 3 };
/** Of digits: house numbers, postal codes, and those within ids. */
export const digitWords: WordKind = { holds: (code) => code >= 0x30 && code <= 0x39, least: 2 };

/** A column of more different words than this is one of ids and not of names; going through all of them would take as long as the texts. */
const mostWords = 300_000;

/** The records of a text column by the words in them: a word is a longest run of what its kind is made of. Begins with no record noted. */
export interface TextWords {
  /** Goes on with the next `count` records, of which each comes twice: first its words are noted, then where they stand; false when all is done. */
  note(count: number): boolean;
  /**
   * Adds the records whose text holds what is looked for. Answers false, and adds nothing, where it cannot tell: not all records are
   * noted, the needle has something else in it or is short, or the column has too many words.
   */
  addHits(mask: Mask, needle: string): boolean;
}

/** Prepares to note the words of a text column; letters are those of folded UTF-8, a byte each. */
export function createTextWords({ letters, ends }: Letters, kind: WordKind): TextWords {
  let noting: ReturnType<typeof notePostings> | null = notePostings({ letters, ends }, kind);
  // Up to where it waits to be told how many.
  noting.next(0);
  let found: Postings | null = null;
  const isWord = (needle: string): boolean => {
    for (let at = 0; at < needle.length; at += 1) if (!kind.holds(needle.charCodeAt(at))) return false;
    return true;
  };

  return {
    note(wanted) {
      const step = noting?.next(wanted);
      if (step === undefined) return false;
      if (step.done !== true) return true;
      found = step.value;
      noting = null;
      return false;
    },
    addHits(mask, needle) {
      if (found === null || needle.length < kind.least || !isWord(needle)) return false;
      const { words, starts, places } = found;
      eachHolding(words, needle, { from: 0, to: words.ends.length }, (id) => {
        const end = starts[id + 1] as number;
        for (let at = starts[id] as number; at < end; at += 1) mask[places[at] as number] = 1;
      });
      return true;
    },
  };
}

/** Where each word stands: the records of word `id` are `places` from `starts[id]` to `starts[id + 1]`. */
interface Postings {
  words: Letters;
  starts: Uint32Array;
  places: Uint32Array;
}

/** Sorts the words of all records by counting, so many records in each step as it is given; null where there are too many words. */
function* notePostings({ letters, ends }: Letters, { holds, least }: WordKind): Generator<undefined, Postings | null, number> {
  let left = yield;
  const idOf = new Map<string, number>();
  const counts = new Uint32Array(mostWords + 1);
  // A word is followed by something else.
  const runs = new Uint32Array(Math.ceil((letters.length + 1) / (least + 1)));
  const runEnds = new Uint32Array(ends.length);
  let runCount = 0;
  const noteWord = (from: number, to: number): void => {
    if (to - from < least) return;
    const word = letters.slice(from, to);
    let id = idOf.get(word);
    if (id === undefined) idOf.set(word, (id = idOf.size));
    runs[runCount] = id;
    runCount += 1;
    (counts[id] as number) += 1;
  };
  const noteRecord = (place: number): void => {
    const end = ends[place] as number;
    let from = startOf(ends, place);
    for (let at = from; at < end; at += 1) {
      if (holds(letters.charCodeAt(at))) continue;
      noteWord(from, at);
      from = at + 1;
    }
    noteWord(from, end);
    runEnds[place] = runCount;
  };

  for (let place = 0; place < ends.length; place += 1) {
    if (left === 0) left = yield;
    left -= 1;
    noteRecord(place);
    if (idOf.size > mostWords) return null;
  }

  const words = [...idOf.keys()];
  const starts = new Uint32Array(words.length + 1);
  for (let id = 0; id < words.length; id += 1) starts[id + 1] = (starts[id] as number) + (counts[id] as number);
  const next = starts.slice();
  const places = new Uint32Array(runCount);
  for (let place = 0, run = 0; place < ends.length; place += 1) {
    if (left === 0) left = yield;
    left -= 1;
    for (; run < (runEnds[place] as number); run += 1) {
      const id = runs[run] as number;
      places[next[id] as number] = place;
      (next[id] as number) += 1;
    }
  }
  let end = 0;
  return { words: { letters: words.join(''), ends: Uint32Array.from(words, (word) => (end += word.length)) }, starts, places };
}
