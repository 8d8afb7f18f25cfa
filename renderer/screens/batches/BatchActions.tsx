import { isOpenRun, type BatchDetail } from '../../../shared/domain/batch.ts';
import type { CommandId } from '../../commands/list.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import type { IconName } from '../../components/icon-shapes.tsx';

interface Action {
  id: CommandId;
  icon?: IconName;
  isMain?: boolean;
  isQuiet?: boolean;
  popup?: 'dialog';
}

/** What can be done with a batch in its state; the main action last. */
function actionsOf({ batch, runs }: BatchDetail): Action[] {
  const run = runs.find((candidate) => candidate.id === batch.runId);
  const canResume = run !== undefined && isOpenRun(run);
  const resume: Action[] = [{ id: 'abandon-run', isQuiet: true, popup: 'dialog' }, { id: 'resume-run', icon: 'play', isMain: true }];
  switch (batch.state) {
    case 'draft':
      return [{ id: 'delete-batch' }, { id: 'rename-batch', popup: 'dialog' }, { id: 'draw-pilot', popup: 'dialog' }, { id: 'submit-batch', icon: 'lock', isMain: true }];
    case 'submitted':
      return [{ id: 'withdraw-batch', isQuiet: true }, { id: 'export-plan', popup: 'dialog' }, { id: 'import-approval', popup: 'dialog' }, { id: 'reject-batch', popup: 'dialog' }, { id: 'approve-batch', icon: 'seal', isMain: true, popup: 'dialog' }];
    case 'approved':
      return [{ id: 'withdraw-batch', isQuiet: true }, { id: 'export-plan', popup: 'dialog' }, { id: 'push-batch', icon: 'upload', isMain: true, popup: 'dialog' }];
    case 'pushing':
      return canResume ? resume : [{ id: 'stop-run', icon: 'stop' }];
    case 'completed':
    case 'completed-with-errors':
      return (batch.outcomes?.failed ?? 0) > 0 ? [{ id: 'retry-batch', icon: 'refresh', isMain: true }] : [];
    case 'aborted':
      return (batch.outcomes?.notSent ?? 0) > 0 ? [{ id: 'draw-rest', isMain: true, popup: 'dialog' }] : [];
    case 'rejected':
    case 'expired':
      return [{ id: 'withdraw-batch' }];
    case 'rolled-back':
      return [];
  }
}

/** The actions of a batch as buttons. */
export function BatchActions({ detail }: { detail: BatchDetail }) {
  return actionsOf(detail).map((action) => (
    <CommandButton
      key={action.id}
      id={action.id}
      look={action.isMain === true ? 'primary' : action.isQuiet === true ? 'quiet' : 'plain'}
      {...(action.icon === undefined ? {} : { icon: action.icon })}
      {...(action.popup === undefined ? {} : { popup: action.popup })}
    />
  ));
}
