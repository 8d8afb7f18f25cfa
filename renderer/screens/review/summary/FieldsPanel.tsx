import { Fragment, useState } from 'react';
import type { FilterTerm } from '../../../../shared/domain/filter.ts';
import type { Summary } from '../../../../shared/domain/summary.ts';
import { Bar } from '../../../components/Bar.tsx';
import { Button } from '../../../components/Button.tsx';
import { Panel } from '../../../components/Panel.tsx';
import { percent, plural } from '../../../words.ts';
import { spokenTransition, transitionWords } from '../../../words/transitions.ts';
import { CountLink } from './CountLink.tsx';
import { ValuePairs } from './ValuePairs.tsx';
import css from './Summary.module.css';

/** How often each field changes, and how. */
export function FieldsPanel({ summary, filter, terms }: { summary: Summary; filter: string; terms: readonly FilterTerm[] }) {
  const [open, setOpen] = useState<readonly string[]>([]);
  const changing = summary.fields.filter((field) => field.count > 0).sort((a, b) => b.count - a.count);
  const still = summary.fields.filter((field) => field.count === 0);
  const toggle = (field: string) => setOpen(open.includes(field) ? open.filter((other) => other !== field) : [...open, field]);
  return (
    <Panel title="Changed fields" meta={`${changing.length} of ${plural(summary.fields.length, 'field')} change; a record counts under each field that is sent`} isPadded={false}>
      <table className={`${css['count-table']} ${css['field-table']}`} aria-label="Changed fields">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Rule</th>
            <th scope="col">Share</th>
            <th scope="col" className="num">
              Records
            </th>
            <th scope="col">
              <span className="visually-hidden">Values</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {changing.map((field) => {
            const isOpen = open.includes(field.field);
            return (
              <Fragment key={field.field}>
                <tr>
                  <th scope="row" className={css['field']} title={field.field}>
                    {field.label}
                  </th>
                  <td className="mono small muted">{field.rule}</td>
                  <td className={css['bar-cell']}>
                    <Bar label={percent(field.count / Math.max(1, summary.records))} total={summary.records} parts={[{ fill: 'ink', count: field.count }]} />
                  </td>
                  <td className="num strong">
                    <CountLink count={field.count} terms={terms} wanted={[{ name: 'field', value: field.field }]} of={`in which ${field.label} changes`} />
                  </td>
                  <td className="num">
                    <Button size="small" look="quiet" icon={isOpen ? 'up' : 'down'} expanded={isOpen} label={`Top values of ${field.label}`} onClick={() => toggle(field.field)} />
                  </td>
                </tr>
                <tr className={css['more']}>
                  <td colSpan={5} className={css['transitions']}>
                    <ul className={css['transition-list']}>
                      {field.transitions.map(({ transition, count }) => (
                        <li key={transition}>
                          {transitionWords[transition]} <CountLink count={count} terms={terms} wanted={[{ name: 'transition', value: `${field.field}:${transition}` }]} of={`with ${field.label} ${spokenTransition(transition)}`} />
                        </li>
                      ))}
                    </ul>
                    {isOpen && <ValuePairs field={field} filter={filter} terms={terms} />}
                  </td>
                </tr>
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {still.length > 0 && <p className={css['note']}>No change in {still.map((field) => field.label).join(', ')}.</p>}
    </Panel>
  );
}
