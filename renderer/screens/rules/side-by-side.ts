import type { ViewReport } from '../../../shared/domain/warehouse.ts';

/** One line of a text. */
export interface Line {
  number: number;
  text: string;
}

/** Two texts beside each other: a line of both, lines of one only, or how many equal lines are left out. */
export type SideBySideRow = { kind: 'same'; deployed: Line; expected: Line } | { kind: 'change'; deployed: Line | null; expected: Line | null } | { kind: 'gap'; count: number };

const context = 3;

/**
 * Puts what is deployed beside what this version would deploy.
 *
 * Shape:  equal lines stand in one row; lines of one text only are paired in order, as far as they go. Of equal lines at most
 *         three before and after a change are kept; the rest become one row that says how many there are.
 */
export function sideBySide({ expected, deployed, differences }: Pick<ViewReport, 'expected' | 'deployed' | 'differences'>): SideBySideRow[] {
  const left = linesOf(deployed ?? '');
  const right = linesOf(expected);
  const only = { deployed: new Set<number>(), expected: new Set<number>() };
  for (const { side, line } of differences) only[side].add(line);
  const rows: SideBySideRow[] = [];
  let [at, to] = [0, 0];
  while (at < left.length || to < right.length) {
    const gone = takeWhile(left, at, (line) => only.deployed.has(line.number));
    const come = takeWhile(right, to, (line) => only.expected.has(line.number));
    for (let index = 0; index < Math.max(gone.length, come.length); index += 1) rows.push({ kind: 'change', deployed: gone[index] ?? null, expected: come[index] ?? null });
    at += gone.length;
    to += come.length;
    const [one, other] = [left[at], right[to]];
    if (one && other) rows.push({ kind: 'same', deployed: one, expected: other });
    else if (one ?? other) rows.push({ kind: 'change', deployed: one ?? null, expected: other ?? null });
    at += 1;
    to += 1;
  }
  return withGaps(rows);
}

function linesOf(text: string): Line[] {
  return text === '' ? [] : text.split('\n').map((line, index) => ({ number: index + 1, text: line }));
}

function takeWhile(lines: readonly Line[], from: number, test: (line: Line) => boolean): Line[] {
  const rest = lines.slice(from);
  const end = rest.findIndex((line) => !test(line));
  return end === -1 ? rest : rest.slice(0, end);
}

function withGaps(rows: readonly SideBySideRow[]): SideBySideRow[] {
  const isNear = rows.map((_, index) => rows.slice(Math.max(0, index - context), index + context + 1).some((row) => row.kind === 'change'));
  const kept: SideBySideRow[] = [];
  for (const [index, row] of rows.entries()) {
    const last = kept.at(-1);
    if (isNear[index] === true) kept.push(row);
    else if (last?.kind === 'gap') last.count += 1;
    else kept.push({ kind: 'gap', count: 1 });
  }
  return kept;
}
