import { refreshSteps, type RefreshProgress } from '../../shared/domain/snapshot.ts';
import { useRefresh } from '../app/refresh.tsx';
import { useInfo } from '../app/use-info.ts';
import { Button } from '../components/Button.tsx';
import { Icon } from '../components/Icon.tsx';
import { number, refreshStepWords } from '../words.ts';
import { durationOf } from '../words/dates.ts';
import css from '../components/EmptyState.module.css';

/** How far the running step is: counts, rate, time left. */
export function countsOf(progress: RefreshProgress): string {
  const parts = [progress.total === null ? number(progress.done) : `${number(progress.done)} of ${number(progress.total)}`];
  if (progress.rowsPerSecond !== null) parts.push(`${number(Math.round(progress.rowsPerSecond))} a second`);
  if (progress.secondsLeft !== null) parts.push(`${durationOf(progress.secondsLeft)} left`);
  return parts.join(', ');
}

/** Share of a whole refresh that is done, by steps. */
export function shareOf(progress: RefreshProgress | null): number {
  if (!progress) return 0;
  const step = refreshSteps.indexOf(progress.step);
  const within = progress.total === null || progress.total === 0 ? 0 : progress.done / progress.total;
  return Math.min(1, (step + within) / refreshSteps.length);
}

/** The steps of a running refresh with counts, rate, time left and Cancel. */
export function RefreshSteps() {
  const { isRunning, progress, cancel } = useRefresh();
  const snapshot = useInfo()?.snapshot ?? null;
  if (!isRunning && !progress) return null;
  const current = progress ? refreshSteps.indexOf(progress.step) : 0;
  const share = Math.round(shareOf(progress) * 100);
  return (
    <section className="stack-2" aria-label="Refresh">
      <div className="cluster">
        <h3>Refreshing</h3>
        <span className="muted small">{snapshot === null ? 'The first snapshot of this workspace' : `${snapshot.id} stays in use until this is complete`}</span>
        {isRunning && (
          <span className="end">
            <Button size="small" onClick={cancel}>
              Cancel
            </Button>
          </span>
        )}
      </div>
      <progress value={share} max={100} aria-label={`Refresh progress, ${share} %`} />
      <ol className={css['load-steps']}>
        {refreshSteps.map((step, index) => (
          <li key={step}>
            <Icon name={index < current ? 'check-circle' : index === current ? 'half' : 'circle'} label={index < current ? 'Done' : index === current ? 'Running' : 'Waiting'} />
            <span>{refreshStepWords[step]}</span>
            <span className="num muted small">{progress && index === current ? countsOf(progress) : ''}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
