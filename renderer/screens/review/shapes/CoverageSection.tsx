import { shapeFilter, type ShapeDetail } from '../../../../shared/domain/shape.ts';
import { errorOf, useCommandCall } from '../../../api/query-call.ts';
import { readOnlyReason } from '../../../app/off-reasons.ts';
import { useInfo } from '../../../app/use-info.ts';
import { Bar } from '../../../components/Bar.tsx';
import { Button } from '../../../components/Button.tsx';
import { FailureCallout } from '../../../components/Failure.tsx';
import { number } from '../../../words.ts';
import { coverageSentence, furtherSentence } from '../../../words/coverage.ts';
import { InspectorSection } from '../InspectorSection.tsx';
import css from './Shapes.module.css';

const drawSize = 50;

/** How much of a shape was looked at, and what can be said about the rest. */
export function CoverageSection({ detail }: { detail: ShapeDetail }) {
  const draw = useCommandCall('samples.draw');
  const readOnly = readOnlyReason(useInfo());
  const { sample } = detail;
  const alike = detail.count - detail.outliers;
  const left = alike - (sample?.drawn ?? 0);
  const more = Math.min(drawSize, left);
  const further = sample && furtherSentence(sample, more);
  const seen = sample ? { viewed: sample.viewed, of: sample.drawn } : { viewed: detail.viewed, of: detail.count };
  return (
    <InspectorSection title="Coverage" meta={sample ? `${number(sample.viewed)} of ${number(sample.drawn)} looked at, ${number(sample.wrong)} wrong` : `${number(detail.viewed)} of ${number(detail.count)} viewed`}>
      <div className={`${css['padded']} stack-2`}>
        <Bar label={`${number(seen.viewed)} of ${number(seen.of)} ${sample ? 'looked at' : 'viewed'}`} total={seen.of} parts={[{ fill: 'ink', count: seen.viewed }]} />
        <p>{coverageSentence(sample, detail)}</p>
        {sample && (
          <p className="muted small">
            The {number(sample.drawn)} were drawn at random from the {number(sample.population)} without outliers (seed <span className="mono">{sample.seed}</span>). Flagged, held and excluded count as wrong.{further === null ? '' : ` ${further}`}
          </p>
        )}
        {left > 0 && (
          <Button size="small" off={readOnly ?? (draw.isPending ? 'The draw is being made.' : null)} onClick={() => draw.mutate({ filter: shapeFilter(detail.id, true), size: (sample?.drawn ?? 0) + more })}>
            {sample ? `Draw ${number(more)} more` : `Draw ${number(more)}`}
          </Button>
        )}
        {draw.error && <FailureCallout error={errorOf(draw.error)} />}
      </div>
    </InspectorSection>
  );
}
