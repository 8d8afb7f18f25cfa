import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CallOutput } from '../../../shared/contract.ts';
import type { PendingItem, PendingKey } from '../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../shared/domain/selection.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf } from '../../api/query-call.ts';
import { takesPatch } from '../../api/takes-patch.ts';
import type { AskAgain } from './use-ask-reason.tsx';
import { useTellFailed } from './use-tell-failed.ts';
import { useMark } from './use-mark.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { whenSlow, type SlowStep } from '../../app/when-slow.ts';
import { decisionsUnderWay, decisionWords, plural } from '../../words.ts';

export type Decision = 'approve' | 'hold' | 'exclude';

export interface DecideInput {
  selection: Selection;
  decision: Decision;
  reason?: string | undefined;
  /** How many records the person was told of; another number is refused. */
  expect?: number | undefined;
  /** Given for a single record: how the notification calls it. */
  name?: string | undefined;
  /** Given where the numbers were shown before: shows them again where they are not true any more. */
  askAgain?: AskAgain | undefined;
}

function isOne(selection: Selection, item: PendingKey): boolean {
  return 'items' in selection && selection.items.some((one) => one.key === item.key && one.kind === item.kind);
}

/** A decision with what was on screen when it was made. */
interface Made extends DecideInput {
  undecidedLeft: number | null;
}

/** Decides on records and says what was done, also to somebody who has left the screen by then; a few records show it at once, before the lists are read again. */
export function useDecisions(undecidedLeft: number | null): { decide(input: DecideInput, after?: () => void): void } {
  const client = useClient();
  const mark = useMark();
  const queryClient = useQueryClient();
  const { notify, dismiss } = useNotifications();
  const tellFailed = useTellFailed();
  const showAtOnce = ({ selection, decision }: DecideInput) => {
    if (!('items' in selection)) return;
    const patch = (item: PendingItem): PendingItem => (isOne(selection, item) ? { ...item, decision, mark: item.mark === 'flagged' ? 'flagged' : 'viewed' } : item);
    queryClient.setQueriesData<CallOutput<'pending.page'>>({ queryKey: ['pending.page'], predicate: takesPatch }, (page) => page && { ...page, items: page.items.map(patch) });
    queryClient.setQueriesData<CallOutput<'pending.show'>>({ queryKey: ['pending.show'], predicate: takesPatch }, (detail) => (detail && isOne(selection, detail) ? { ...detail, decision } : detail));
  };
  // What is given to `useMutation` also runs when this screen is gone; what is given to `mutate` does not.
  const { mutate } = useMutation<CallOutput<'pending.decide'>, Error, Made, SlowStep>({
    mutationFn: ({ selection, decision, reason, expect }: Made) => client.call('pending.decide', { selection, decision, ...(reason === undefined ? {} : { reason }), ...(expect === undefined ? {} : { expect }) }),
    // With a million records it takes seconds until there is a result to tell.
    onMutate: ({ decision, expect }) => whenSlow(() => notify(expect === undefined ? `${decisionsUnderWay[decision]}…` : `${decisionsUnderWay[decision]} ${plural(expect, 'record')}…`)),
    onSettled: (_result, _failure, _made, slow) => slow?.end(),
    onSuccess: (result, made) => {
      const { selection, decision, name } = made;
      showAtOnce(made);
      const only = 'items' in selection && selection.items.length === 1 ? selection.items[0] : undefined;
      if (only) mark(only, 'viewed');
      const left = made.undecidedLeft === null ? '' : ` ${plural(Math.max(0, made.undecidedLeft - result.decided), 'undecided', 'undecided')} left in this filter.`;
      const blocked = result.blocked > 0 ? ` ${plural(result.blocked, 'record')} with blockers left out.` : '';
      notify(name === undefined ? `${result.label}.${blocked}` : `${decisionWords[decision]} ${name}.${left}`, { undoId: result.undoId });
    },
    onError: (failure, made, slow) => {
      if (slow?.isSaid === true) dismiss();
      tellFailed(made, errorOf(failure), () => mutate(made));
      // The number that was shown is not true any more: it is counted anew.
      if (made.expect !== undefined) for (const name of ['pending.page', 'pending.facets']) void queryClient.invalidateQueries({ queryKey: [name] });
    },
  });
  return { decide: (input, after) => mutate({ ...input, undecidedLeft }, { onSuccess: () => after?.() }) };
}
