import { useMutation } from '@tanstack/react-query';
import type { CallOutput } from '../../../shared/contract.ts';
import { isEffective } from '../../../shared/domain/field-diff.ts';
import type { ExplainedField, PendingDetail } from '../../../shared/domain/pending-change.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf } from '../../api/query-call.ts';
import { useDialogs } from '../../app/dialogs.tsx';
import { useFailedSteps } from '../../app/failed-steps.tsx';
import { useNotifications } from '../../app/notifications.tsx';
import { useInfo } from '../../app/use-info.ts';
import { canBeTriedAgain } from '../../words/errors.ts';
import { LeaveOutDialog } from './LeaveOutDialog.tsx';

export interface LeaveOut {
  /** Why no field can be left out or taken in again; null where it can. */
  off: string | null;
  /** Asks for a reason and leaves the field out, or takes it in again. */
  toggle(field: ExplainedField): void;
}

interface Sent {
  record: PendingDetail;
  field: ExplainedField;
  isExcluded: boolean;
  reason?: string | undefined;
}

/** True for a field that would be sent if nobody left it out. */
export function canLeaveOut(field: ExplainedField): boolean {
  return isEffective(field.change);
}

/** Leaves a field of one record out of what is sent, and takes it in again. */
export function useLeaveOut(detail: PendingDetail): LeaveOut {
  const client = useClient();
  const { open } = useDialogs();
  const { notify } = useNotifications();
  const { fail } = useFailedSteps();
  const off = useInfo()?.readOnly === true ? 'Read only: fields cannot be left out here.' : null;
  // Given here and not to `mutate`, it is said also to somebody who has left the record by then.
  const { mutate } = useMutation<CallOutput<'pending.excludeField'>, Error, Sent>({
    mutationFn: ({ record: { key, kind }, field, isExcluded, reason }: Sent) => client.call('pending.excludeField', { selection: { items: [{ key, kind }] }, field: field.field, isExcluded, expect: 1, ...(reason === undefined ? {} : { reason }) }),
    onSuccess: ({ undoId }, { record, field, isExcluded }) => notify(`${field.label} of ${record.name ?? record.key} is ${isExcluded ? 'left out' : 'sent again'}.`, { undoId }),
    onError: (failure, sent) => {
      const error = errorOf(failure);
      const what = `${sent.field.label} of ${sent.record.name ?? sent.record.key} could not be ${sent.isExcluded ? 'left out' : 'taken in again'}`;
      fail(what, error, canBeTriedAgain(error) ? { label: 'Try again', run: () => mutate(sent) } : null);
    },
  });
  const toggle = (field: ExplainedField) => {
    if (field.excluded) mutate({ record: detail, field, isExcluded: false });
    else open((close) => <LeaveOutDialog label={field.label} name={detail.name ?? detail.key} onClose={close} onConfirm={(reason) => mutate({ record: detail, field, isExcluded: true, reason })} />);
  };
  return { off, toggle };
}
