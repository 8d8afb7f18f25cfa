import type { FilterName, FilterTerm } from '../../../../shared/domain/filter.ts';
import { Bar } from '../../../components/Bar.tsx';
import { DataText } from '../../../components/DataText.tsx';
import { Panel } from '../../../components/Panel.tsx';
import { percent } from '../../../words.ts';
import { CountLink } from './CountLink.tsx';
import css from './Summary.module.css';

export interface Count {
  value: string;
  words: string;
  count: number;
}

/** Records by one property of theirs. Values that the filter above rules out are left out. */
export function CountsPanel({ title, name, counts, total, terms, note }: { title: string; name: FilterName; counts: readonly Count[]; total: number; terms: readonly FilterTerm[]; note?: string }) {
  const chosen = terms.filter((term) => term.name === name && !term.negated).map((term) => term.value);
  const isRuledOut = (value: string) => (chosen.length > 0 && !chosen.includes(value)) || terms.some((term) => term.name === name && term.negated && term.value === value);
  const shown = counts.filter(({ value }) => !isRuledOut(value));
  return (
    <Panel title={title} isPadded={false}>
      <table className={css['count-table']} aria-label={title}>
        <colgroup>
          <col className={css['words']} />
          <col />
          <col className={css['number']} />
        </colgroup>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">Share</th>
            <th scope="col">Records</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ value, words, count }) => (
            <tr key={value}>
              <th scope="row">
                <DataText text={words} />
              </th>
              <td>
                <Bar label={percent(count / Math.max(1, total))} total={total} parts={[{ fill: 'ink', count }]} />
              </td>
              <td className="num">
                <CountLink count={count} terms={terms} wanted={[{ name, value }]} of={`with ${title.toLowerCase()} ${words}`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {note !== undefined && <p className={css['note']}>{note}</p>}
    </Panel>
  );
}
