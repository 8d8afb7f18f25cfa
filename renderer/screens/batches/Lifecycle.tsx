import { isOpenRun, type Batch, type BatchState, type Run, type RunProgress } from '../../../shared/domain/batch.ts';
import { useNow } from '../../app/use-now.ts';
import { Icon } from '../../components/Icon.tsx';
import type { IconName } from '../../components/icon-shapes.tsx';
import { batchStateWords } from '../../words.ts';
import { durationOf, momentOf } from '../../words/dates.ts';
import css from './Lifecycle.module.css';

interface Step {
  name: string;
  note: string;
}

/** At which of the six steps a state stands. */
const stepOfState: Record<BatchState, number> = { draft: 0, submitted: 1, rejected: 2, expired: 2, approved: 2, pushing: 3, aborted: 4, completed: 4, 'completed-with-errors': 4, 'rolled-back': 5 };

function stepsOf(batch: Batch, run: Run | null, progress: RunProgress | null, now: Date): Step[] {
  const lastApproval = batch.approvals.at(-1);
  const left = progress?.secondsLeft ?? null;
  const at = stepOfState[batch.state];
  const replaced = (state: BatchState, otherwise: string) => (batch.state === state ? batchStateWords[state] : otherwise);
  return [
    { name: 'Draft', note: momentOf(batch.createdAt, now) },
    { name: 'Submitted', note: batch.submittedAt === null ? '' : momentOf(batch.submittedAt, now) },
    { name: batch.state === 'rejected' ? 'Rejected' : replaced('expired', 'Approved'), note: lastApproval ? `${momentOf(lastApproval.at, now)}, ${batch.approvals.length} of ${batch.approvalsNeeded}` : `${batch.approvals.length} of ${batch.approvalsNeeded}` },
    { name: 'Pushing', note: run ? `${isOpenRun(run) ? `${run.state}, ` : run.endedAt === null ? 'since ' : ''}${momentOf(run.startedAt, now)}${left === null ? '' : `, ${durationOf(left)} left`}` : '' },
    { name: batch.state === 'aborted' ? 'Aborted' : replaced('completed-with-errors', 'Completed'), note: run?.endedAt && at >= 4 ? momentOf(run.endedAt, now) : 'or with errors' },
    { name: 'Rolled back', note: 'only if needed' },
  ];
}

/** How the step at which a batch stands looks: done, ended without its end, in trouble, or under way. */
function markOf(batch: Batch, run: Run | null): { step: 'done' | 'problem' | undefined; icon: IconName } {
  switch (batch.state) {
    case 'completed':
      return { step: 'done', icon: 'check' };
    case 'completed-with-errors':
      return { step: 'problem', icon: 'octagon' };
    case 'aborted':
      return { step: 'problem', icon: 'stop' };
    case 'rejected':
    case 'expired':
      return { step: 'problem', icon: 'x' };
    case 'pushing':
      return run && isOpenRun(run) ? { step: 'problem', icon: 'stop' } : { step: undefined, icon: 'upload' };
    default:
      return { step: undefined, icon: 'arrow-right' };
  }
}

/** The life of a batch from draft to completed. */
export function Lifecycle({ batch, run, progress }: { batch: Batch; run: Run | null; progress: RunProgress | null }) {
  const now = useNow();
  const at = stepOfState[batch.state];
  return (
    <ol className={css['stepper']} aria-label="Lifecycle">
      {stepsOf(batch, run, progress, now).map((step, index) => {
        const mark = index < at ? ({ step: 'done', icon: 'check' } as const) : index === at ? markOf(batch, run) : null;
        return (
          <li key={step.name} data-step={mark?.step} aria-current={index === at ? 'step' : undefined}>
            <span className={css['step-mark']}>{mark && <Icon name={mark.icon} size="sm" />}</span>
            <b>{step.name}</b>
            {step.note}
          </li>
        );
      })}
    </ol>
  );
}
