import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { CallOutput } from '../../shared/contract.ts';
import { mostPlanTextBytes, type PlanFileSummary } from '../../shared/domain/plan-file.ts';
import { useClient } from '../api/client-context.tsx';
import { errorOf, useCommandCall } from '../api/query-call.ts';
import { useInfo } from '../app/use-info.ts';
import { useNow } from '../app/use-now.ts';
import { Button } from '../components/Button.tsx';
import { Callout } from '../components/Banner.tsx';
import { Dialog, SummaryTable, TextField } from '../components/Dialog.tsx';
import { FailureCallout } from '../components/Failure.tsx';
import { FileField } from '../components/FileField.tsx';
import { Hash } from '../components/Hash.tsx';
import { hashHead } from '../components/short-hash.ts';
import { momentOf } from '../words/dates.ts';
import { PlanFileContent, planFileFacts } from './PlanFileContent.tsx';
import { useChosenFile } from './use-chosen-file.ts';

function Signed({ signed, onClose }: { signed: CallOutput<'batch.sign'>; onClose: () => void }) {
  const close = useRef<HTMLButtonElement>(null);
  const now = useNow();
  return (
    <Dialog
      title={`Signed plan ${hashHead(signed.hash)}`}
      onClose={onClose}
      focus={close}
      buttons={
        <Button look="primary" onClick={onClose} buttonRef={close}>
          Close
        </Button>
      }
    >
      <p>Send the file to who exported the plan. Tell them the fingerprint of your key by another way, so that they can compare it.</p>
      <SummaryTable
        rows={[
          { name: 'Approval file', value: <span className="mono">{signed.file}</span> },
          { name: 'Signed by', value: `${signed.by}, valid until ${momentOf(signed.expiresAt, now)}` },
          { name: 'Your key', value: <Hash hash={signed.fingerprint} label="Key" /> },
        ]}
      />
    </Dialog>
  );
}

/** Why the plan cannot be signed here; null where it can. */
function offReason(summary: PlanFileSummary, identity: string): string | null {
  if (summary.isOwn) return 'The plan was exported from this very workspace. Approve its batch here.';
  if (summary.approvals.some((approval) => approval.by === identity)) return 'You have approved this plan already.';
  const isProposer = identity === summary.batch.createdBy || identity === summary.batch.submittedBy;
  return isProposer && !summary.selfApproval ? 'You proposed it. Another admin must approve.' : null;
}

/** Approves a plan that was exported elsewhere: what it holds is shown first, then it is signed with this installation's key. */
export function SignPlanDialog({ onClose }: { onClose: () => void }) {
  const identity = useInfo()?.identity ?? '';
  const now = useNow();
  const field = useRef<HTMLInputElement>(null);
  const [note, setNote] = useState('');
  const { file, choose } = useChosenFile(mostPlanTextBytes);
  const text = file?.text ?? null;
  const client = useClient();
  const read = useQuery({ queryKey: ['plan-file', file?.id], queryFn: ({ signal }) => client.call('batch.readExport', { text: text ?? '' }, signal), enabled: text !== null, gcTime: 0 });
  const sign = useCommandCall('batch.sign');
  if (sign.data) return <Signed signed={sign.data} onClose={onClose} />;
  const summary = text === null ? undefined : read.data;
  const off = summary === undefined ? (read.isFetching ? 'The file is being read.' : 'Choose the file with the plan.') : (offReason(summary, identity) ?? (sign.isPending ? 'The plan is being signed.' : null));
  const confirm = () => {
    if (off === null && summary && text !== null) sign.mutate({ text, expect: summary.hash, ...(note.trim() === '' ? {} : { note: note.trim() }) });
  };
  const blocked = summary && offReason(summary, identity);
  return (
    <Dialog
      title="Sign a plan file"
      onClose={onClose}
      focus={field}
      size="wide"
      onSubmit={confirm}
      note="Signing never pushes."
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="seal" off={off} onClick={confirm}>
            {summary ? `Sign plan ${hashHead(summary.hash)}` : 'Sign plan'}
          </Button>
        </>
      }
    >
      <FileField label="Exported plan" accept=".jsonl" onChoose={choose} field={field} hint="A file that another Countersign wrote by Export plan…" />
      {file?.error && <FailureCallout error={file.error} />}
      {read.error && text !== null && <FailureCallout error={errorOf(read.error)} />}
      {summary && (
        <>
          <SummaryTable rows={planFileFacts(summary, now)} />
          {blocked && <Callout severity="blocker">{blocked}</Callout>}
          <PlanFileContent summary={summary} />
          <TextField label={`Note of ${identity} for the audit log, optional`} value={note} onChange={setNote} />
        </>
      )}
      {sign.error && <FailureCallout error={errorOf(sign.error)} />}
    </Dialog>
  );
}
