import type { Batch, Run, RunProgress } from '../../../shared/domain/batch.ts';
import type { Outcome, OutcomeCounts } from '../../../shared/domain/outcome.ts';
import { outcomes } from '../../../shared/domain/outcome.ts';
import { addressOf } from '../../app/place.ts';
import { Bar, type BarPart } from '../../components/Bar.tsx';
import { Link } from '../../components/Link.tsx';
import { OutcomeMark, SeverityMark } from '../../components/Mark.tsx';
import { Panel } from '../../components/Panel.tsx';
import { number, outcomeWords, percent, runStateWords } from '../../words.ts';
import { durationOf } from '../../words/dates.ts';
import css from './Counts.module.css';

const fills: Record<Outcome, BarPart['fill']> = { succeeded: 'succeeded', failed: 'failed', stale: 'stale', skipped: 'skipped', unknown: 'unknown', notSent: 'not-sent' };

function sumOf(counts: OutcomeCounts): number {
  return outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
}

function metaOf(run: Run, progress: RunProgress | null): string {
  if (!progress) return `${runStateWords[run.state]}, ${run.mode}, ${number(run.apiCalls)} API calls, ${durationOf(run.seconds)}`;
  const parts = [`Chunk ${progress.chunk} of ${progress.chunks}`, run.mode];
  if (progress.recordsPerSecond !== null) parts.push(`${progress.recordsPerSecond.toFixed(1)} records a second`);
  if (progress.secondsLeft !== null) parts.push(`${durationOf(progress.secondsLeft)} left`);
  return parts.join(', ');
}

/** How far the run is, and the counts that always add up. */
export function ProgressPanel({ batch, run, counts, progress }: { batch: Batch; run: Run; counts: OutcomeCounts; progress: RunProgress | null }) {
  const sum = sumOf(counts);
  const isWhole = sum === counts.planned;
  const sent = counts.planned - counts.notSent;
  const resolved = counts.succeeded + counts.failed + counts.stale + counts.skipped;
  const words = outcomes.map((outcome) => `${number(counts[outcome])} ${outcomeWords[outcome].toLowerCase()}`).join(', ');
  const api = progress && progress.apiUsed !== null ? `API ${number(progress.apiUsed)}${progress.apiLimit === null ? '' : ` of ${number(progress.apiLimit)}`} today` : undefined;
  return (
    <Panel
      label="Progress"
      title={`Run ${run.id}`}
      meta={metaOf(run, progress)}
      {...(api === undefined ? {} : { actions: <span className="muted small">{api}</span> })}
      isPadded={false}
      foot={
        <>
          {isWhole ? (
            <SeverityMark severity="ok">The counts add up to {number(counts.planned)}.</SeverityMark>
          ) : (
            <SeverityMark severity="blocker">
              The counts add up to {number(sum)}, not to {number(counts.planned)}. Do not push.
            </SeverityMark>
          )}
          <span>
            Succeeded means read back and equal. {resolved > 0 && `Error rate ${percent(counts.failed / resolved)} (${number(counts.failed)} of ${number(resolved)}).`}
          </span>
        </>
      }
    >
      <div className={css['progress']}>
        <Bar isLarge label={`Push progress: ${words}`} progress={sent} total={counts.planned} parts={outcomes.map((outcome) => ({ fill: fills[outcome], count: counts[outcome] }))} />
      </div>
      <dl className={css['equation']} aria-label="Counts">
        <div>
          <dt>Planned</dt>
          <dd>{number(counts.planned)}</dd>
        </div>
        {outcomes.map((outcome, index) => (
          <div key={outcome}>
            <dt>
              <span className={css['op']} aria-hidden="true">
                {index === 0 ? '=' : '+'}
              </span>
              <OutcomeMark outcome={outcome} />
            </dt>
            <dd>{counts[outcome] > 0 ? <Link to={addressOf('batches', { batch: batch.id, outcome })}>{number(counts[outcome])}</Link> : '0'}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
