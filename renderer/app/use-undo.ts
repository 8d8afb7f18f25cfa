import { useCallback } from 'react';
import { errorOf, useCommandCall } from '../api/query-call.ts';
import { canBeTriedAgain, failureWords, refusalRule } from '../words/errors.ts';
import { useFailedSteps } from './failed-steps.tsx';
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
  const { fail } = useFailedSteps();
  const { mutate } = useCommandCall(call, {
    onSuccess: (result) => notify(`${result.label}.`, { undoId: result.undoId }),
    onError: (failure, input) => {
      const error = errorOf(failure);
      if (refusalRule(error) === 'nothing-to-do') notify(`${failureWords(error).title}. ${error.message}`, { look: 'problem' });
      else fail(`The step could not be ${call === 'decision.undo' ? 'undone' : 'done again'}`, error, canBeTriedAgain(error) ? { label: 'Try again', run: () => mutate(input) } : null);
    },
  });
  return useCallback((undoId?: string) => mutate(undoId === undefined ? {} : { undoId }), [mutate]);
}
