import { useCallback } from 'react';
import { errorOf, useCommandCall } from '../api/query-call.ts';
import { failureWords } from '../words/errors.ts';
import { useNotifications } from './notifications.tsx';

/** Undoes a step by its id, or the newest one. */
export function useUndo(): (undoId?: string) => void {
  return useStep('decision.undo');
}

/** Does again what was undone, by the id of the step, or the newest one. */
export function useRedo(): (undoId?: string) => void {
  return useStep('decision.redo');
}

function useStep(call: 'decision.undo' | 'decision.redo'): (undoId?: string) => void {
  const { notify } = useNotifications();
  const { mutate } = useCommandCall(call, {
    onSuccess: (result) => notify(`${result.label}.`, { undoId: result.undoId }),
    onError: (failure) => notify(`${failureWords(errorOf(failure)).title}. ${errorOf(failure).message}`, { look: 'problem' }),
  });
  return useCallback((undoId?: string) => mutate(undoId === undefined ? {} : { undoId }), [mutate]);
}
