import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import { useClient } from '../../api/client-context.tsx';
import { queryCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';

/**
 * Lets a step on the current record begin once the inspector shows that record, so that nobody decides on one while another is on screen.
 *
 * Shape:  at once where it is shown; else when it has been read, and not at all where somebody has gone on to another by then, which is said.
 * Errors: never throws; a record that cannot be read is told of, and the step does not begin.
 */
export function useOnceShown(record: PendingKey | null): (name: string, step: () => void) => void {
  const client = useClient();
  const queryClient = useQueryClient();
  const { notify } = useNotifications();
  const current = useRef(record);
  useEffect(() => {
    current.current = record;
    return () => {
      current.current = null;
    };
  }, [record]);
  return (name, step) => {
    if (!record) return;
    const reading = queryCall(client, 'pending.show', { key: record.key, kind: record.kind });
    if (queryClient.getQueryData(reading.queryKey) !== undefined) {
      step();
      return;
    }
    const isStill = () => current.current?.key === record.key && current.current.kind === record.kind;
    const tellLeft = () => notify(`${name} was left before it was shown. Nothing was decided on it.`, { look: 'problem' });
    queryClient.ensureQueryData(reading).then(
      () => (isStill() ? step() : tellLeft()),
      // What nobody looks at any more is not read to its end.
      () => (isStill() ? notify(`${name} cannot be read, so nothing was decided on it.`, { look: 'problem' }) : tellLeft()),
    );
  };
}
