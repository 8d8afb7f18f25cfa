import type { Run, RunProgress } from '../../../shared/domain/batch.ts';
import { useCountdown } from '../../app/use-countdown.ts';
import { Callout } from '../../components/Banner.tsx';
import { Icon } from '../../components/Icon.tsx';
import { number } from '../../words.ts';
import { durationOf } from '../../words/dates.ts';
import { phaseWords, waitingSentence } from '../../words/runs.ts';
import css from './Counts.module.css';

/** Why the run waits, with a countdown. */
function Waiting({ progress, until }: { progress: RunProgress; until: string }) {
  const left = useCountdown(until);
  return (
    <Callout severity="warning" icon="clock">
      <b className="strong">{phaseWords(progress)}.</b> <span role="timer">{waitingSentence(progress, left)}</span>
    </Callout>
  );
}

/** What the run does right now, how fast, and how long still; while it waits, why, with a countdown. */
export function LivePhase({ progress, mode }: { progress: RunProgress; mode: Run['mode'] }) {
  const facts = [
    progress.recordsPerSecond === null ? '' : `${progress.recordsPerSecond.toFixed(1)} records a second`,
    progress.secondsLeft === null ? '' : `${durationOf(progress.secondsLeft)} left`,
    progress.apiUsed === null ? '' : `${number(progress.apiUsed)}${progress.apiLimit === null ? '' : ` of ${number(progress.apiLimit)}`} API calls used today`,
  ].filter((fact) => fact !== '');
  return (
    <div className={css['live']}>
      {progress.phase === 'waiting' && progress.waitsUntil !== null ? (
        <Waiting key={progress.waitsUntil} progress={progress} until={progress.waitsUntil} />
      ) : (
        <p className="hint">
          <Icon name="upload" size="sm" />
          <b className="strong">{phaseWords(progress)}</b>
        </p>
      )}
      {facts.length > 0 && <p className="muted small dot-separated">{facts.map((fact) => <span key={fact}>{fact} </span>)}</p>}
      {mode === 'bulk' && <p className="muted small">Stopping aborts the job in Salesforce and reads what it has done.</p>}
    </div>
  );
}
