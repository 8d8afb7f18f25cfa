/** A piece of one side of a text diff: on both sides, or only on this one. */
export interface DiffPiece {
  text: string;
  isChanged: boolean;
  /** Where it begins in its side. */
  at: number;
}

const longest = 400;

function tokenize(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
}

function join(pieces: DiffPiece[], text: string, isChanged: boolean): void {
  const last = pieces.at(-1);
  if (last && last.isChanged === isChanged) last.text += text;
  else pieces.push({ text, isChanged, at: last ? last.at + last.text.length : 0 });
}

/**
 * Compares two texts word by word.
 *
 * Shape: joining the texts of `before` gives the first text, of `after` the second; what is unchanged is equal on both
 *        sides and in the same order. More than 400 words between the equal beginning and end are one changed piece each.
 */
export function diffWords(before: string, after: string): { before: DiffPiece[]; after: DiffPiece[] } {
  const [allLeft, allRight] = [tokenize(before), tokenize(after)];
  const shorter = Math.min(allLeft.length, allRight.length);
  let head = 0;
  while (head < shorter && allLeft[head] === allRight[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && allLeft.at(-1 - tail) === allRight.at(-1 - tail)) tail += 1;
  const left = allLeft.slice(head, allLeft.length - tail);
  const right = allRight.slice(head, allRight.length - tail);
  const result = { before: [] as DiffPiece[], after: [] as DiffPiece[] };
  const add = (side: DiffPiece[], tokens: readonly string[], isChanged: boolean) => tokens.length > 0 && join(side, tokens.join(''), isChanged);
  const addSame = (tokens: readonly string[]) => {
    add(result.before, tokens, false);
    add(result.after, tokens, false);
  };
  addSame(allLeft.slice(0, head));
  if (left.length > longest || right.length > longest) {
    add(result.before, left, true);
    add(result.after, right, true);
  } else addMiddle(result, left, right);
  addSame(tail === 0 ? [] : allLeft.slice(-tail));
  return result;
}

/** Compares what is left between an equal beginning and an equal end by the longest common sequence of words. */
function addMiddle(result: { before: DiffPiece[]; after: DiffPiece[] }, left: readonly string[], right: readonly string[]): void {
  const width = right.length + 1;
  const common = new Uint16Array((left.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const isSame = i < left.length && j < right.length && left[i] === right[j];
    if (isSame) {
      join(result.before, left[i] ?? '', false);
      join(result.after, right[j] ?? '', false);
      i += 1;
      j += 1;
    } else if (j >= right.length || (i < left.length && at(i + 1, j) >= at(i, j + 1))) {
      join(result.before, left[i] ?? '', true);
      i += 1;
    } else {
      join(result.after, right[j] ?? '', true);
      j += 1;
    }
  }
}

const contextBefore = 60;
const longestHalfWord = 20;

/**
 * The part of a text around its first change.
 *
 * Shape: pieces cut to `size` characters at most; `from` and `to` are where they begin and end in the text. A character
 *        outside the basic plane is never cut in two.
 */
export function excerptOf(pieces: readonly DiffPiece[], size: number): { pieces: DiffPiece[]; from: number; to: number } {
  const text = pieces.map((piece) => piece.text).join('');
  const firstChange = pieces.find((piece) => piece.isChanged)?.at ?? 0;
  const whole = (at: number) => (/[\uDC00-\uDFFF]/u.test(text.charAt(at)) && at > 0 ? at - 1 : at);
  const earliest = whole(Math.max(0, Math.min(firstChange - contextBefore, text.length - size)));
  // Begins with a whole word, where one begins soon and before the change.
  const gap = earliest === 0 ? -1 : text.slice(earliest, Math.min(firstChange, earliest + longestHalfWord)).indexOf(' ');
  const from = earliest + gap + 1;
  const to = whole(Math.min(text.length, from + size));
  const cut = pieces.flatMap(({ text: own, isChanged, at }) => {
    const [start, end] = [Math.max(from, at), Math.min(to, at + own.length)];
    return start < end ? [{ text: own.slice(start - at, end - at), isChanged, at: start }] : [];
  });
  return { pieces: cut, from, to };
}
