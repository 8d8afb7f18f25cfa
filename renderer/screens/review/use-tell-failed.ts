import { useEffect, useRef } from 'react';
import type { Selection } from '../../../shared/domain/selection.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { Client } from '../../../shared/transport.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf } from '../../api/query-call.ts';
import { useFailedSteps, type WayOn } from '../../app/failed-steps.tsx';
import { canBeTriedAgain, refusalRule } from '../../words/errors.ts';
import { decisionWords, plural } from '../../words.ts';
import type { AskAgain } from './use-ask-reason.tsx';
import type { Decision } from './use-decisions.tsx';

/** What was to be decided, as far as it is told. */
export interface Undone {
  decision: Decision;
  selection: Selection;
  /** Given for a single record. */
  name?: string | undefined;
  expect?: number | undefined;
  askAgain?: AskAgain | undefined;
}

/** How many records a selection holds by now: as the core has said when it refused another number, else as it counts them. */
async function countNow(client: Client, selection: Selection, refused: AppError): Promise<number> {
  const found = refused.details['found'];
  if (typeof found === 'number') return found;
  if ('items' in selection) return selection.items.length;
  const { matching } = await client.call('pending.facets', { filter: selection.filter });
  return Math.max(0, matching - selection.except.length);
}

/**
 * Tells of a decision that failed.
 *
 * Shape:  where other records are selected than was told, the dialog comes back with the new number and the reason; not over another
 *         dialog or another screen, where it waits for a click.
 * Errors: never throws.
 */
export function useTellFailed(): (undone: Undone, error: AppError, tryAgain: () => void) => void {
  const client = useClient();
  const { fail } = useFailedSteps();
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  return ({ decision, selection, name, expect, askAgain }, error, tryAgain) => {
    const tell = (wayOn: WayOn | null, why = error) => fail(`${name ?? (expect === undefined ? 'The records' : plural(expect, 'record'))} could not be ${decisionWords[decision].toLowerCase()}`, why, wayOn);
    const again = { label: 'Try again', run: tryAgain };
    const lookAgain = async (ask: AskAgain) => {
      try {
        const count = await countNow(client, selection, error);
        if (count === 0) tell(null);
        else if (isHere.current && document.querySelector('[aria-modal="true"]') === null) ask(count, error);
        else tell({ label: 'Look again…', run: () => ask(count, error) });
      } catch (failure) {
        tell(again, errorOf(failure));
      }
    };
    if (refusalRule(error) === 'selection-changed' && askAgain) void lookAgain(askAgain);
    else tell(canBeTriedAgain(error) ? again : null);
  };
}
