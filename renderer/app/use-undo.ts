import { useCallback } from 'react';
import { errorOf, useCommandCall } from '../api/query-call.ts';
import { failureWords } from '../words/errors.ts';
import { useNotifications } from './notifications.tsx';

/** Undoes a step by its id, or the newest one. */
export function useUndo(): (undoId?: string) => void {
  const { mutate } = useCommandCall('decision.undo');
  const { notify } = useNotifications();
  return useCallback(
    (undoId?: string) => {
      mutate(undoId === undefined ? {} : { undoId }, {
        onSuccess: (result) => notify(`${result.label}.`, { undoId: result.undoId }),
        onError: (failure) => notify(`${failureWords(errorOf(failure)).title}. ${errorOf(failure).message}`, { look: 'problem' }),
      });
    },
    [mutate, notify],
  );
}
