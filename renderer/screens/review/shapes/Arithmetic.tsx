import { Fragment } from 'react';
import { Banner } from '../../../components/Banner.tsx';
import { SeverityMark } from '../../../components/Mark.tsx';
import { number, plural } from '../../../words.ts';
import type { Arithmetic as Sums } from './arithmetic.ts';
import css from './Shapes.module.css';

/** The sum over all shapes, written out, so that anybody can check that none is left out. */
export function Arithmetic({ sums, isFiltered }: { sums: Sums; isFiltered: boolean }) {
  const { parts, sum, shapes, problem } = sums;
  return (
    <>
      {problem && (
        <Banner severity="blocker" title="The shapes do not add up.">
          They hold {plural(sum, 'record')}; {problem.of === 'snapshot' ? 'the snapshot' : 'the filter'} has {number(problem.expected)}. Do not decide by shape until this is understood: refresh the snapshot, and if it stays, decide in Records.
        </Banner>
      )}
      <p className={css['arithmetic']}>
        <SeverityMark severity={problem ? 'blocker' : 'ok'} />
        <span>
          {parts.map((part, index) => (
            <Fragment key={part.priority}>
              {index > 0 && ' + '}
              <b>{number(part.records)}</b> {part.priority}
            </Fragment>
          ))}{' '}
          = <b>{number(sum)}</b> pending {sum === 1 ? 'change' : 'changes'}
          {isFiltered ? ' that match the filter,' : ''} in <b>{number(shapes)}</b> {shapes === 1 ? 'shape' : 'shapes'}. {!problem && <span className="muted">Every change is in exactly one shape.</span>}
        </span>
      </p>
    </>
  );
}
