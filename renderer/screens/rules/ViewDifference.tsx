import type { ViewReport } from '../../../shared/domain/warehouse.ts';
import { classNames } from '../../components/class-names.ts';
import { TextPieces } from '../../components/DataText.tsx';
import { plural } from '../../words.ts';
import { sideBySide, type Line, type SideBySideRow } from './side-by-side.ts';
import css from './Difference.module.css';

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

/** What is deployed beside what this version would deploy; each line that is in one of them only has a sign and a word. */
export function ViewDifference({ report }: { report: ViewReport }) {
  if (report.deployed === null) return null;
  return (
    <section className={css['difference']} aria-label={`Difference of ${report.name}`}>
      <h3>Deployed and this version, side by side</h3>
      <p className="muted small">
        <span className={classNames(css['key'], css['deployed'])}>−</span> only in what is deployed <span className={classNames(css['key'], css['expected'])}>+</span> only in this version
      </p>
      <table className={css['texts']}>
        <thead>
          <tr>
            <th scope="col">Deployed</th>
            <th scope="col">This version</th>
          </tr>
        </thead>
        <tbody>
          {sideBySide(report).map((row, index) =>
            row.kind === 'gap' ? (
              <tr key={keyOf(row, index)}>
                <td className={css['gap']} colSpan={2}>
                  {plural(row.count, 'equal line')}
                </td>
              </tr>
            ) : (
              <tr key={keyOf(row, index)}>
                <Side line={row.deployed} sign={row.kind === 'change' ? '−' : ''} words={row.kind === 'change' ? 'Only deployed:' : ''} look={row.kind === 'change' ? css['deployed'] : undefined} />
                <Side line={row.expected} sign={row.kind === 'change' ? '+' : ''} words={row.kind === 'change' ? 'Only in this version:' : ''} look={row.kind === 'change' ? css['expected'] : undefined} />
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}
