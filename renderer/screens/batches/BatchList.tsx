import type { Batch, BatchState as State } from '../../../shared/domain/batch.ts';
import { addressOf } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import type { IconName } from '../../components/icon-shapes.tsx';
import { Link } from '../../components/Link.tsx';
import { SeverityMark } from '../../components/Mark.tsx';
import { batchStateWords, createsAndUpdates } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
import { batchVerdict } from '../../words/runs.ts';
import css from './Batches.module.css';

const stateIcons: Record<State, IconName> = {
  draft: 'circle-dash',
  submitted: 'lock',
  approved: 'seal',
  rejected: 'x-circle',
  expired: 'clock',
  pushing: 'upload',
  completed: 'check-circle',
  'completed-with-errors': 'octagon',
  aborted: 'stop',
  'rolled-back': 'history',
};

/** State and time of a batch; what went wrong in its run on a line of its own. */
function BatchState({ batch, isWaiting, now }: { batch: Batch; isWaiting: boolean; now: Date }) {
  const verdict = batchVerdict(batch);
  const moment = momentOf(batch.submittedAt ?? batch.createdAt, now);
  return (
    <>
      <span className={css['state']}>
        <Icon name={isWaiting ? 'stop' : stateIcons[batch.state]} size="sm" />
        <span>{isWaiting ? `Run ${batch.runId} waits to be resumed` : `${batchStateWords[batch.state]}, ${moment}`}</span>
      </span>
      {verdict && verdict.look !== 'ok' && (
        <span className={css['verdict']}>
          <SeverityMark severity={verdict.look}>{verdict.text}</SeverityMark>
        </span>
      )}
    </>
  );
}

/** All batches, newest first, with their states in words. */
export function BatchList({ batches, current }: { batches: readonly Batch[]; current: string | null }) {
  const now = useNow();
  const interruptedRun = useInfo()?.interruptedRun ?? null;
  return (
    <section className={css['batch-list']} aria-label="Batches" data-region="">
      <div className={css['batch-list-head']}>
        <h2>Batches</h2>
        <CommandButton id="new-batch" icon="plus" size="small" popup="dialog" label="New batch…">
          New…
        </CommandButton>
      </div>
      <ul>
        {batches.map((batch) => (
          <li key={batch.id}>
            <Link to={addressOf('batches', { batch: batch.id })} current={batch.id === current ? 'true' : undefined}>
              <span className={css['name']}>
                <span className="clip">
                  <DataText text={batch.name} />
                </span>
              </span>
              <BatchState batch={batch} isWaiting={batch.runId !== null && batch.runId === interruptedRun} now={now} />
              <span className={css['state']}>{createsAndUpdates(batch.creates, batch.updates)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className={css['batch-list-foot']}>
        <CommandButton id="sign-plan" icon="seal" size="small" look="quiet" popup="dialog" />
      </div>
    </section>
  );
}
