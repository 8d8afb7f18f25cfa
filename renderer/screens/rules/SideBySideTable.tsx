import { TextPieces } from '../../components/DataText.tsx';
import { plural } from '../../words.ts';
import type { Line, SideBySideRow } from './side-by-side.ts';
import css from './Difference.module.css';

/** What stands over a side, and what is said of a line that only it has. */
export interface SideWords {
  head: string;
  only: string;
}

function Side({ line, sign, words, look }: { line: Line | null; sign: string; words: string; look: string | undefined }) {
  if (line === null) {
    return (
      <td className={css['none']}>
        <span className="visually-hidden">no line</span>
      </td>
    );
  }
  return (
    <td className={look}>
      <span className={css['line-number']} aria-hidden="true">
        {line.number}
      </span>
      <span className={css['sign']} aria-hidden="true">
        {sign}
      </span>
      {words !== '' && <span className="visually-hidden">{words} </span>}
      <code>
        <TextPieces text={line.text} />
      </code>
    </td>
  );
}

function keyOf(row: SideBySideRow, index: number): string {
  return row.kind === 'gap' ? `gap ${index}` : `${row.deployed?.number ?? ''} ${row.expected?.number ?? ''}`;
}

/** Two texts side by side; each line that is in one of them only has a sign and a word. */
export function SideBySideTable({ rows, left, right, label }: { rows: readonly SideBySideRow[]; left: SideWords; right: SideWords; label?: string }) {
  return (
    <table className={css['texts']} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{left.head}</th>
          <th scope="col">{right.head}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) =>
          row.kind === 'gap' ? (
            <tr key={keyOf(row, index)}>
              <td className={css['gap']} colSpan={2}>
                {plural(row.count, 'equal line')}
              </td>
            </tr>
          ) : (
            <tr key={keyOf(row, index)}>
              <Side line={row.deployed} sign={row.kind === 'change' ? '−' : ''} words={row.kind === 'change' ? left.only : ''} look={row.kind === 'change' ? css['deployed'] : undefined} />
              <Side line={row.expected} sign={row.kind === 'change' ? '+' : ''} words={row.kind === 'change' ? right.only : ''} look={row.kind === 'change' ? css['expected'] : undefined} />
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}
