import type { WhatIf } from '../../../../shared/domain/what-if.ts';
import { Banner } from '../../../components/Banner.tsx';
import { Bar, type BarPart } from '../../../components/Bar.tsx';
import { classNames } from '../../../components/class-names.ts';
import { SeverityMark } from '../../../components/Mark.tsx';
import { Panel } from '../../../components/Panel.tsx';
import { number } from '../../../words.ts';
import { sumsOf, whatIfStateMeanings, whatIfStateWords } from '../../../words/what-if.ts';
import barCss from '../../../components/Bar.module.css';
import css from './WhatIf.module.css';

type PartName = 'unchanged' | 'enter' | 'leave' | 'change';

const parts: readonly { name: PartName; label: string; meaning: string; fill: BarPart['fill'] }[] = [
  { name: 'unchanged', label: 'Unchanged', meaning: 'pending in both, value for value', fill: 'not-sent' },
  { name: 'enter', label: whatIfStateWords.enter, meaning: whatIfStateMeanings.enter, fill: 'ink' },
  { name: 'leave', label: whatIfStateWords.leave, meaning: whatIfStateMeanings.leave, fill: 'held' },
  { name: 'change', label: whatIfStateWords.change, meaning: whatIfStateMeanings.change, fill: 'unknown' },
];

/** How many records stay, enter, leave and change, with both sums written out. */
export function Difference({ result }: { result: WhatIf }) {
  const sums = sumsOf(result);
  const total = result.unchanged + result.enter + result.leave + result.change;
  return (
    <Panel
      title="Difference"
      isPadded={false}
      foot={
        <>
          <SeverityMark severity={sums.addsUp ? 'ok' : 'blocker'} />
          <span>
            {sums.a} {sums.b}
          </span>
        </>
      }
    >
      {!sums.addsUp && (
        <Banner severity="blocker" title="The comparison does not add up.">
          Draw nothing from it: refresh the snapshot and run plan B again. If it stays, export it and report it.
        </Banner>
      )}
      <div className={css['bar']}>
        <Bar isLarge label={parts.map(({ name, label }) => `${label} ${number(result[name])}`).join(', ')} parts={parts.map(({ name, fill }) => ({ fill, count: result[name] }))} total={total} />
      </div>
      <dl className={css['delta']}>
        {parts.map(({ name, label, meaning, fill }) => (
          <div key={name} title={meaning}>
            <dt>
              <span className={classNames(barCss['swatch'], barCss[`fill-${fill}`])} aria-hidden="true" /> {label}
            </dt>
            <dd>{number(result[name])}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
