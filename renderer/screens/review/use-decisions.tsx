import { useQueryClient } from '@tanstack/react-query';
import type { CallOutput } from '../../../shared/contract.ts';
import type { PendingItem, PendingKey } from '../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../shared/domain/selection.ts';
import { errorOf, useCommandCall } from '../../api/query-call.ts';
import { takesPatch } from '../../api/takes-patch.ts';
import { useMark } from './use-mark.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { failureWords } from '../../words/errors.ts';
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
}

function isOne(selection: Selection, item: PendingKey): boolean {
  return 'items' in selection && selection.items.some((one) => one.key === item.key && one.kind === item.kind);
}

const saidAfterMs = 700;

/** Decides on records and says what was done; a few records show it at once, before the lists are read again. */
export function useDecisions(undecidedLeft: number | null): { decide(input: DecideInput, after?: () => void): void; error: Error | null } {
  const { mutate, error } = useCommandCall('pending.decide');
  const mark = useMark();
  const queryClient = useQueryClient();
  const { notify } = useNotifications();
  const showAtOnce = ({ selection, decision }: DecideInput) => {
    if (!('items' in selection)) return;
    const patch = (item: PendingItem): PendingItem => (isOne(selection, item) ? { ...item, decision, mark: item.mark === 'flagged' ? 'flagged' : 'viewed' } : item);
    queryClient.setQueriesData<CallOutput<'pending.page'>>({ queryKey: ['pending.page'], predicate: takesPatch }, (page) => page && { ...page, items: page.items.map(patch) });
    queryClient.setQueriesData<CallOutput<'pending.show'>>({ queryKey: ['pending.show'], predicate: takesPatch }, (detail) => (detail && isOne(selection, detail) ? { ...detail, decision } : detail));
  };
  const decide = (input: DecideInput, after?: () => void) => {
    const { selection, decision, reason, expect, name } = input;
    // With a million records it takes seconds until there is a result to tell.
    const slow = window.setTimeout(() => notify(expect === undefined ? `${decisionsUnderWay[decision]}…` : `${decisionsUnderWay[decision]} ${plural(expect, 'record')}…`), saidAfterMs);
    mutate(
      { selection, decision, ...(reason === undefined ? {} : { reason }), ...(expect === undefined ? {} : { expect }) },
      {
        onSettled: () => window.clearTimeout(slow),
        onSuccess: (result) => {
          showAtOnce(input);
          const only = 'items' in selection && selection.items.length === 1 ? selection.items[0] : undefined;
          if (only) mark(only, 'viewed');
          const left = undecidedLeft === null ? '' : ` ${plural(Math.max(0, undecidedLeft - result.decided), 'undecided', 'undecided')} left in this filter.`;
          const blocked = result.blocked > 0 ? ` ${plural(result.blocked, 'record')} with blockers left out.` : '';
          notify(name === undefined ? `${result.label}.${blocked}` : `${decisionWords[decision]} ${name}.${left}`, { undoId: result.undoId });
          after?.();
        },
        onError: (failure) => {
          const reasonOf = failureWords(errorOf(failure));
          notify(`${reasonOf.title}. ${errorOf(failure).message} ${reasonOf.meaning}`, { look: 'problem' });
          // The number that was shown is not true any more: it is counted anew.
          if (expect !== undefined) for (const name of ['pending.page', 'pending.facets']) void queryClient.invalidateQueries({ queryKey: [name] });
        },
      },
    );
  };
  return { decide, error };
}
