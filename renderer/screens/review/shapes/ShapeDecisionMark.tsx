import type { Shape } from '../../../../shared/domain/shape.ts';
import { Icon } from '../../../components/Icon.tsx';
import { DecisionMark } from '../../../components/Mark.tsx';
import { number } from '../../../words.ts';
import markCss from '../../../components/Mark.module.css';

/** How far a shape is decided: one decision for all, none, or how many of how many. */
export function ShapeDecisionMark({ shape }: { shape: Pick<Shape, 'count' | 'decided'> }) {
  const { none, approve, hold, exclude } = shape.decided;
  if (none === shape.count) return <DecisionMark decision="none" />;
  if (approve === shape.count) return <DecisionMark decision="approve" />;
  if (hold === shape.count) return <DecisionMark decision="hold" />;
  if (exclude === shape.count) return <DecisionMark decision="exclude" />;
  const words = [approve > 0 ? `${number(approve)} approved` : '', hold > 0 ? `${number(hold)} held` : '', exclude > 0 ? `${number(exclude)} excluded` : '', none > 0 ? `${number(none)} undecided` : ''].filter((word) => word !== '').join(', ');
  return (
    <span className={markCss['mark']} data-decision="partial" title={words}>
      <Icon name="half" size="sm" />
      <span data-word>
        {number(shape.count - none)} of {number(shape.count)}
        <span className="visually-hidden"> decided: {words}</span>
      </span>
    </span>
  );
}
