import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import { whatIfParts, type WhatIfRecord } from '../../../../shared/domain/what-if.ts';
import { classNames } from '../../../components/class-names.ts';
import { DataText } from '../../../components/DataText.tsx';
import { Link } from '../../../components/Link.tsx';
import { Tag } from '../../../components/Mark.tsx';
import { fateOf, whatIfStateWords } from '../../../words/what-if.ts';
import { isInstant, valueWords } from '../../../words/values.ts';
import diffCss from '../../../components/FieldDiff.module.css';
import { reviewAddress } from './WhatWouldChange.tsx';
import css from './WhatIf.module.css';

function Value({ value }: { value: FieldValue }) {
  if (value === null || value === '') return <span className={diffCss['empty']}>blank</span>;
  return typeof value === 'string' && !isInstant(value) ? <DataText text={value} /> : valueWords(value);
}

/** One plan's value; where it is another than Salesforce has, a sign says so. `instead`: why there is no value. */
function PlanCell({ value, before, instead }: { value: FieldValue; before: FieldValue | undefined; instead: string | null }) {
  const isOther = instead === null && before !== undefined && value !== before;
  const isBlanked = isOther && value === null;
  return (
    <td className={isOther ? classNames(diffCss['after'], isBlanked && diffCss['blanked']) : diffCss['same']}>
      <span className={diffCss['sign']} aria-hidden="true">
        {isBlanked ? '∅' : isOther ? '+' : ''}
      </span>
      <span className={diffCss['value']}>{instead === null ? <Value value={value} /> : <i>{instead}</i>}</span>
    </td>
  );
}

/** One record that differs: what becomes of it, and each field in Salesforce, in plan A and in plan B. */
export function DifferingRecord({ record }: { record: WhatIfRecord }) {
  const name = record.name ?? record.key;
  return (
    <li className={css['record']} tabIndex={-1}>
      <div className="cluster">
        <Tag>{whatIfStateWords[record.state]}</Tag>
        {record.state === 'enter' ? (
          <b className="strong">
            <DataText text={name} />
          </b>
        ) : (
          <Link to={reviewAddress(record)} label={`Open in Review: ${name}`}>
            <DataText text={name} />
          </Link>
        )}
        <span className="mono muted">
          <DataText text={record.key} />
        </span>
      </div>
      <p className="muted small">{fateOf(record)}</p>
      {record.fields.length > 0 && (
        <table className={`${diffCss['diff']} ${css['values']}`} aria-label={`Values of ${name}`}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Salesforce now</th>
              <th scope="col">Plan A</th>
              <th scope="col">Plan B</th>
            </tr>
          </thead>
          <tbody>
            {record.fields.map(({ field, label, before, a, b }) => {
              const isPart = whatIfParts.some((part) => part === field);
              const isKnown = record.isBeforeKnown && !isPart;
              return (
                <tr key={field}>
                  <th scope="row" title={field}>
                    {label}
                  </th>
                  <td className={diffCss['same']}>
                    <span className={diffCss['value']}>{isKnown ? <Value value={before} /> : <i>{isPart ? 'does not apply' : 'not known here'}</i>}</span>
                  </td>
                  <PlanCell value={a} before={isKnown ? before : undefined} instead={record.inA ? null : 'not in plan A'} />
                  <PlanCell value={b} before={isKnown ? before : undefined} instead={record.inB ? null : 'not in plan B'} />
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </li>
  );
}
