import { useRef, useState } from 'react';
import type { Facets } from '../../../shared/contract.ts';
import type { Selection } from '../../../shared/domain/selection.ts';
import type { AppError } from '../../../shared/errors.ts';
import { useQueryCall } from '../../api/query-call.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog, SummaryTable, TextField } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { decisionVerbs, decisionWords, number, plural } from '../../words.ts';
import { blockedIn, decidedIn } from './filtered-counts.ts';
import type { Decision } from './use-decisions.tsx';

const decisions = ['approve', 'hold', 'exclude'] as const;

export interface ReasonDialogProps {
  decision: Decision;
  count: number;
  about: string;
  selection: Selection;
  /** The filter of which those that are approved already are left as they are. */
  within?: string | undefined;
  /** The reason that was typed before. */
  typed: string;
  /** Why the core refused what was confirmed before; null the first time. */
  refused: AppError | null;
  onConfirm: (reason: string | undefined) => void;
  onClose: () => void;
}

/** How many of the records are decided otherwise, and how many a blocker keeps from being approved. */
function rowsOf(counts: Facets, filter: string, decision: Decision): { name: string; value: string }[] {
  const blocked = blockedIn(counts, filter);
  const decided = decidedIn(counts, filter);
  const others = decisions.filter((other) => other !== decision && decided[other] > 0);
  const otherwise = others.map((other) => `${number(decided[other])} ${decisionWords[other].toLowerCase()}`).join(', ');
  return [
    ...(decision === 'approve' && blocked !== null ? [{ name: 'Approved', value: number(counts.matching - blocked) }, { name: 'Left out', value: `${number(blocked)} with blockers` }] : []),
    { name: 'Decided otherwise', value: otherwise === '' ? 'none' : `${otherwise}; this decision replaces theirs` },
  ];
}

function leftAsTheyAre(around: Facets, within: string): { name: string; value: string } {
  const { approve } = decidedIn(around, within);
  return { name: 'Approved already', value: `${number(approve)} of ${number(around.matching)}; ${approve === 1 ? 'it stays as it is' : 'they stay as they are'}` };
}

/** Says the exact numbers before many records are decided on, and asks why they are held or excluded. */
export function ReasonDialog({ decision, count, about, selection, within, typed, refused, onConfirm, onClose }: ReasonDialogProps) {
  const [reason, setReason] = useState(typed);
  const filter = 'filter' in selection && selection.except.length === 0 ? selection.filter : null;
  const counts = useQueryCall('pending.facets', { filter: filter ?? '' }, { enabled: filter !== null }).data;
  const known = counts?.matching === count ? counts : null;
  const leftOut = known && filter !== null && decision === 'approve' ? (blockedIn(known, filter) ?? 0) : 0;
  const around = useQueryCall('pending.facets', { filter: within ?? '' }, { enabled: within !== undefined }).data;
  const field = useRef<HTMLInputElement>(null);
  const title = `${decisionVerbs[decision]} ${plural(count, 'record')}`;
  const needsReason = decision !== 'approve';
  const given = reason.trim();
  const confirm = () => {
    if (needsReason && given === '') return;
    onClose();
    onConfirm(given === '' ? undefined : given);
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={needsReason && given === '' ? 'Give a reason.' : null} onClick={confirm}>
            {title}
          </Button>
        </>
      }
    >
      {refused && <FailureCallout error={refused} />}
      <p>
        {about} {needsReason ? `${count === 1 ? 'It stays' : 'They stay'} out of every batch until someone decides otherwise.` : 'Approving never pushes.'}
      </p>
      {known && filter !== null && <SummaryTable rows={[...rowsOf(known, filter, decision), ...(around && within !== undefined ? [leftAsTheyAre(around, within)] : [])]} />}
      <TextField label={needsReason ? 'Reason' : 'Reason, if there is one'} value={reason} onChange={setReason} inputRef={field} hint={`Undo is one key (U), and by name in History: “${decisionWords[decision]} ${plural(count - leftOut, 'record')}”.`} />
    </Dialog>
  );
}
