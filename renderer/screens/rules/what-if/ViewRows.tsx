import type { WhatIf } from '../../../../shared/domain/what-if.ts';
import { Panel } from '../../../components/Panel.tsx';
import { number } from '../../../words.ts';
import { rowsChangeOf } from '../../../words/what-if.ts';
import tableCss from '../../../components/Table.module.css';
import css from './WhatIf.module.css';

/** How many rows each view gives under both plans: a slip in a join shows here first. */
export function ViewRows({ result }: { result: WhatIf }) {
  return (
    <Panel title="Rows of each view" isPadded={false}>
      <table className={`${tableCss['table']} ${css['view-rows']}`}>
        <thead>
          <tr>
            <th scope="col">View</th>
            <th scope="col" className="num">
              Plan A
            </th>
            <th scope="col" className="num">
              Plan B
            </th>
            <th scope="col" className="num">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {result.rows.map(({ view, a, b }) => (
            <tr key={view}>
              <th scope="row" className="mono">
                {view}
              </th>
              <td className="num">{number(a)}</td>
              <td className="num">{number(b)}</td>
              <td className="num strong">{rowsChangeOf({ a, b })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
