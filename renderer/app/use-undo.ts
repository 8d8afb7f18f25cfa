import { useMutation } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { CallInput, CallOutput } from '../../shared/contract.ts';
import { useClient } from '../api/client-context.tsx';
import { errorOf } from '../api/query-call.ts';
import { canBeTriedAgain, failureWords, refusalRule } from '../words/errors.ts';
import { useFailedSteps } from './failed-steps.tsx';
import { useNotifications } from './notifications.tsx';
import { whenSlow, type SlowStep } from './when-slow.ts';

/** Undoes a step by its id, or the newest one. */
export function useUndo(): (undoId?: string) => void {
  return useStep('decision.undo');
}

/** Does again what was undone, by the id of the step, or the newest one. */
export function useRedo(): (undoId?: string) => void {
  return useStep('decision.redo');
}

function useStep(call: 'decision.undo' | 'decision.redo'): (undoId?: string) => void {
  const client = useClient();
  const { notify, dismiss } = useNotifications();
  const { fail } = useFailedSteps();
  const { mutate } = useMutation<CallOutput<typeof call>, Error, CallInput<typeof call>, SlowStep>({
    mutationFn: (input) => client.call(call, input),
    // A step with a million records takes half a minute to turn back.
    onMutate: () => whenSlow(() => notify(call === 'decision.undo' ? 'Undoing…' : 'Redoing…')),
    onSettled: (_result, _failure, _input, slow) => slow?.end(),
    onSuccess: (result) => notify(`${result.label}.`, { undoId: result.undoId }),
    onError: (failure, input, slow) => {
      if (slow?.isSaid === true) dismiss();
      const error = errorOf(failure);
      if (refusalRule(error) === 'nothing-to-do') notify(`${failureWords(error).title}. ${error.message}`, { look: 'problem' });
      else fail(`The step could not be ${call === 'decision.undo' ? 'undone' : 'done again'}`, error, canBeTriedAgain(error) ? { label: 'Try again', run: () => mutate(input) } : null);
    },
  });
  return useCallback((undoId?: string) => mutate(undoId === undefined ? {} : { undoId }), [mutate]);
}
