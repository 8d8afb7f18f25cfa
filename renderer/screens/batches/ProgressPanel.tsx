import type { Batch, Run, RunProgress } from '../../../shared/domain/batch.ts';
import type { Outcome, OutcomeCounts } from '../../../shared/domain/outcome.ts';
import { outcomes } from '../../../shared/domain/outcome.ts';
import { addressOf } from '../../app/place.ts';
import { Bar, type BarPart } from '../../components/Bar.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Link } from '../../components/Link.tsx';
import { OutcomeMark, SeverityMark } from '../../components/Mark.tsx';
import { Panel } from '../../components/Panel.tsx';
import { number, percent, plural, runStateWords, sentenceCase } from '../../words.ts';
import { durationOf } from '../../words/dates.ts';
import { countsInWords, modeWords, sumOf, verdictOf } from '../../words/runs.ts';
import { LivePhase } from './LivePhase.tsx';
import css from './Counts.module.css';

const fills: Record<Outcome, BarPart['fill']> = { succeeded: 'succeeded', failed: 'failed', stale: 'stale', skipped: 'skipped', unknown: 'unknown', notSent: 'not-sent' };

function metaOf(run: Run, progress: RunProgress | null): string {
  const mode = modeWords[run.mode].name.toLowerCase();
  if (progress) return [progress.chunk > 0 ? `Chunk ${number(progress.chunk)} of ${number(progress.chunks)}` : plural(progress.chunks, 'chunk'), mode].join(', ');
  return `${sentenceCase(runStateWords[run.state])}, ${mode}, ${plural(run.apiCalls, 'API call')}, ${durationOf(run.seconds)}`;
}

/** How far the run is, and the counts that always add up. */
export function ProgressPanel({ batch, run, counts, progress }: { batch: Batch; run: Run; counts: OutcomeCounts; progress: RunProgress | null }) {
  const sum = sumOf(counts);
  const isWhole = sum === counts.planned;
  const sent = counts.planned - counts.notSent;
  const resolved = counts.succeeded + counts.failed + counts.stale + counts.skipped;
  const words = countsInWords(counts);
  const isWell = progress !== null || verdictOf(counts).look === 'ok';
  return (
    <Panel
      label="Progress"
      title={`Run ${run.id}`}
      meta={metaOf(run, progress)}
      isPadded={false}
      foot={
        <>
          {isWhole ? (
            <SeverityMark severity={isWell ? 'ok' : 'note'} icon={isWell ? 'check-circle' : 'equals'}>
              The counts add up to {number(counts.planned)}.
            </SeverityMark>
          ) : (
            <SeverityMark severity="blocker">
              The counts add up to {number(sum)}, not to {number(counts.planned)}.
            </SeverityMark>
          )}
          <span>
            Succeeded means read back and equal. {resolved > 0 && `Error rate ${percent(counts.failed / resolved)} (${number(counts.failed)} of ${number(resolved)}).`}
          </span>
        </>
      }
    >
      {progress && <LivePhase progress={progress} mode={run.mode} />}
      {run.why !== null && (
        <p className={css['why']}>
          Why {modeWords[run.mode].name.toLowerCase()}: <DataText text={run.why} />
        </p>
      )}
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
