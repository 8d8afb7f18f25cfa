import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CallOutput } from '../../../../shared/contract.ts';
import { shapeFilter, type ShapeDetail } from '../../../../shared/domain/shape.ts';
import type { Selection } from '../../../../shared/domain/selection.ts';
import { useClient } from '../../../api/client-context.tsx';
import { errorOf, useQueryCall } from '../../../api/query-call.ts';
import { useNotifications } from '../../../app/notifications.tsx';
import { decisionWords, number, plural } from '../../../words.ts';
import { blockedIn, unapprovedOf } from '../filtered-counts.ts';
import type { AskAgain, Given } from '../use-ask-reason.tsx';
import { useTellFailed } from '../use-tell-failed.ts';
import type { Decision } from '../use-decisions.tsx';

export interface ShapeChoice {
  leavesOutliersOut: boolean;
  keepsDecided: boolean;
}

export interface ShapeDecisions {
  /** How many a decision would be about; null while they are counted. `approved`: need no approval any more; `blocked`: cannot have it. */
  count: { all: number; approved: number; blocked: number } | null;
  error: Error | null;
  /** The records that a decision would be about. */
  selection: Selection;
  decide(decision: Decision, given?: Given): void;
}

/** A decision with what was on screen when it was made. */
interface Made {
  shape: ShapeDetail;
  selection: Selection;
  decision: Decision;
  reason?: string | undefined;
  expect: number;
  askAgain?: AskAgain;
}

/** Decides on the records of a shape by a filter, with the number that was shown, and says what it changed. */
export function useShapeDecision(detail: ShapeDetail, choice: ShapeChoice): ShapeDecisions {
  const client = useClient();
  const queryClient = useQueryClient();
  const { notify } = useNotifications();
  const tellFailed = useTellFailed();
  const filter = `${shapeFilter(detail.id, choice.leavesOutliersOut && detail.outliers > 0)}${choice.keepsDecided ? ' decision:none' : ''}`;
  const facets = useQueryCall('pending.facets', { filter });
  const selection: Selection = { filter, except: [] };
  const all = facets.data?.matching ?? null;
  // Those that are approved already keep their approval.
  const yet = choice.keepsDecided ? filter : unapprovedOf(filter);
  const { data: unapproved, error } = useQueryCall('pending.facets', { filter: yet });
  // Given here and not to `mutate`, it is said also to somebody who has left the shape by then.
  const { mutate } = useMutation<CallOutput<'pending.decide'>, Error, Made>({
    mutationFn: ({ selection: selected, decision, reason, expect }: Made) => client.call('pending.decide', { selection: selected, decision, expect, ...(reason === undefined ? {} : { reason }) }),
    onSuccess: async (result, { decision, shape }) => {
      const left = result.blocked > 0 ? ` ${plural(result.blocked, 'record')} with blockers left out.` : '';
      const say = (counts: string) => notify(`${result.label}.${left}${counts}`, { undoId: result.undoId });
      const word = decisionWords[decision].toLowerCase();
      try {
        const now = await client.call('shapes.show', { id: shape.id });
        say(` ${number(shape.decided[decision])} of ${number(shape.count)} ${word} before, ${number(now.decided[decision])} now.`);
      } catch {
        // The decision stands; only the new count could not be read.
        say('');
      }
    },
    onError: (failure, made) => {
      tellFailed(made, errorOf(failure), () => mutate(made));
      // The number that was shown is not true any more: it is counted anew.
      for (const name of ['pending.facets', 'shapes.list', 'shapes.show']) void queryClient.invalidateQueries({ queryKey: [name] });
    },
  });
  const decide = (decision: Decision, given?: Given) => {
    if (all === null || !unapproved) return;
    const about = decision === 'approve' ? { selection: { filter: yet, except: [] }, expect: unapproved.matching } : { selection, expect: all };
    mutate({ shape: detail, decision, ...about, ...given });
  };
  return { count: all === null || !unapproved ? null : { all, approved: all - unapproved.matching, blocked: blockedIn(unapproved, yet) ?? 0 }, error: facets.error ?? error, selection, decide };
}
