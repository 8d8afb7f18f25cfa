import { isEffective } from '../../../shared/domain/field-diff.ts';
import type { ExplainedField, PendingDetail } from '../../../shared/domain/pending-change.ts';
import { errorOf, useCommandCall } from '../../api/query-call.ts';
import { useDialogs } from '../../app/dialogs.tsx';
import { useNotifications } from '../../app/notifications.tsx';
import { useInfo } from '../../app/use-info.ts';
import { failureWords } from '../../words/errors.ts';
import { LeaveOutDialog } from './LeaveOutDialog.tsx';

export interface LeaveOut {
  /** Why no field can be left out or taken in again; null where it can. */
  off: string | null;
  /** Asks for a reason and leaves the field out, or takes it in again. */
  toggle(field: ExplainedField): void;
}

/** True for a field that would be sent if nobody left it out. */
export function canLeaveOut(field: ExplainedField): boolean {
  return isEffective(field.change);
}

/** Leaves a field of one record out of what is sent, and takes it in again. */
export function useLeaveOut(detail: PendingDetail): LeaveOut {
  const { mutate } = useCommandCall('pending.excludeField');
  const { open } = useDialogs();
  const { notify } = useNotifications();
  const off = useInfo()?.readOnly === true ? 'Read only: fields cannot be left out here.' : null;
  const name = detail.name ?? detail.key;
  const send = (field: ExplainedField, isExcluded: boolean, reason?: string) =>
    mutate(
      { selection: { items: [{ key: detail.key, kind: detail.kind }] }, field: field.field, isExcluded, expect: 1, ...(reason === undefined ? {} : { reason }) },
      {
        onSuccess: ({ undoId }) => notify(isExcluded ? `${field.label} of ${name} is left out.` : `${field.label} of ${name} is sent again.`, { undoId }),
        onError: (failure) => {
          const words = failureWords(errorOf(failure));
          notify(`${words.title}. ${errorOf(failure).message} ${words.meaning}`, { look: 'problem' });
        },
      },
    );
  const toggle = (field: ExplainedField) => {
    if (field.excluded) send(field, false);
    else open((close) => <LeaveOutDialog label={field.label} name={name} onClose={close} onConfirm={(reason) => send(field, true, reason)} />);
  };
  return { off, toggle };
}
