import type { ReactNode } from 'react';
import { formatFilter } from '../../../../shared/domain/filter.ts';
import type { WhatIf } from '../../../../shared/domain/what-if.ts';
import { addressOf } from '../../../app/place.ts';
import { DataText } from '../../../components/DataText.tsx';
import { Link } from '../../../components/Link.tsx';
import { Panel } from '../../../components/Panel.tsx';
import { number, plural } from '../../../words.ts';
import { notPendingWords, sidesOf } from '../../../words/what-if.ts';
import tableCss from '../../../components/Table.module.css';
import css from './WhatIf.module.css';

/** The place of one pending change in Review. */
export function reviewAddress({ key, kind }: { key: string; kind: string }): string {
  return addressOf('review', { filter: formatFilter([{ name: 'key', value: key, negated: false }]), record: key, kind });
}

function Example({ kind }: { kind: WhatIf['kinds'][number] }) {
  const name = kind.example.name ?? kind.example.key;
  if (kind.example.state === 'enter') {
    return (
      <>
        <DataText text={name} /> <small className="muted">{notPendingWords}</small>
      </>
    );
  }
  return (
    <Link to={reviewAddress(kind.example)} label={`Open in Review: ${name}`}>
      <DataText text={name} />
    </Link>
  );
}

/** What would become different, field by field, the most frequent first. */
export function WhatWouldChange({ result, actions }: { result: WhatIf; actions: ReactNode }) {
  const records = result.enter + result.leave + result.change;
  return (
    <Panel title="What would change" meta={`${plural(records, 'record')}, ${plural(result.kinds.length, 'kind')}`} actions={actions} isPadded={false}>
      <table className={`${tableCss['table']} ${css['kinds']}`}>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">From A to B</th>
            <th scope="col" className="num">
              Records
            </th>
            <th scope="col">For example</th>
          </tr>
        </thead>
        <tbody>
          {result.kinds.map((kind) => {
            const { a, b } = sidesOf(kind);
            return (
              <tr key={`${kind.field} ${kind.a} ${kind.b}`}>
                <th scope="row" title={kind.field}>
                  {kind.label}
                </th>
                <td className={css['from-to']}>
                  {a} <span aria-hidden="true">→</span>
                  <span className="visually-hidden">to</span> {b}
                </td>
                <td className="num strong">{number(kind.count)}</td>
                <td className={css['example']}>
                  <Example kind={kind} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
