import type { Selection } from '../../../shared/domain/selection.ts';
import type { AppError } from '../../../shared/errors.ts';
import { useDialogs } from '../../app/dialogs.tsx';
import { ReasonDialog } from './ReasonDialog.tsx';
import type { Decision } from './use-decisions.tsx';

/** A decision that is asked about before it is made. */
export interface Asked {
  decision: Decision;
  selection: Selection;
  count: number;
  about: string;
  /** Given where those of this filter that are approved already are left as they are. */
  within?: string | undefined;
}

/** What was answered. */
export interface Given {
  reason: string | undefined;
  /** The number that was shown. */
  expect: number;
  askAgain: AskAgain;
}

/** Shows the dialog again, with what the core has refused and how many records there are now. */
export type AskAgain = (count: number, refused: AppError) => void;

/** Shows the numbers of a decision and asks for the reason; can be asked again with other numbers, with the reason that was typed. */
export function useAskReason(): (asked: Asked, decide: (given: Given) => void) => void {
  const { open } = useDialogs();
  return (asked, decide) => {
    const ask = (count: number, typed: string, refused: AppError | null) =>
      open((close) => (
        <ReasonDialog {...asked} count={count} typed={typed} refused={refused} onClose={close} onConfirm={(reason) => decide({ reason, expect: count, askAgain: (now, error) => ask(now, reason ?? '', error) })} />
      ));
    ask(asked.count, '', null);
  };
}
