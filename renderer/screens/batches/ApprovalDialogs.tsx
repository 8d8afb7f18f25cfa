import { useRef, useState } from 'react';
import type { Batch } from '../../../shared/domain/batch.ts';
import { errorOf, useCommandCall, useQueryCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { useInfo } from '../../app/use-info.ts';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Callout } from '../../components/Banner.tsx';
import { Dialog, SummaryTable, TextField } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { hashHead, shortHash } from '../../components/short-hash.ts';
import { createsAndUpdates, plural } from '../../words.ts';

/** Approves exactly one plan, by its hash. */
export function ApproveDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const info = useInfo();
  const policy = useQueryCall('settings.get', {}).data?.policy;
  const [note, setNote] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const approve = useCommandCall('batch.approve');
  const hash = batch.planHash ?? '';
  const isProposer = info !== undefined && [batch.createdBy, batch.submittedBy].includes(info.identity);
  const forbidden = isProposer && policy?.selfApproval === false;
  const confirm = () => {
    approve.mutate(
      { id: batch.id, expect: hash, ...(note.trim() === '' ? {} : { note: note.trim() }) },
      { onSuccess: (approved) => (onClose(), notify(approved.state === 'approved' ? `${approved.name} is approved. Nothing has been pushed.` : `Approved plan ${hashHead(hash)}; ${approved.approvals.length} of ${approved.approvalsNeeded} approvals.`)) },
    );
  };
  return (
    <Dialog
      title={`Approve ${batch.name}`}
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="seal" off={forbidden ? 'You proposed it. Another admin must approve.' : approve.isPending ? 'The approval is being written.' : null} onClick={confirm}>
            Approve plan {hashHead(hash)}
          </Button>
        </>
      }
    >
      <p>
        You approve exactly this plan. If anything in it changes, your approval falls away. <b className="strong">Approve never pushes.</b>
      </p>
      <SummaryTable
        rows={[
          { name: 'Plan', value: <span className="mono">{shortHash(hash)}</span> },
          { name: 'Contains', value: `${createsAndUpdates(batch.creates, batch.updates)}${batch.fields === null ? '' : `, ${plural(batch.fields, 'field')}`}` },
          { name: 'Org', value: <DataText text={batch.orgName} /> },
          { name: 'Proposed by', value: <DataText text={batch.submittedBy ?? batch.createdBy} /> },
          { name: 'You are', value: `${info?.identity ?? ''}, approval ${batch.approvals.length + 1} of ${batch.approvalsNeeded}${policy ? `. Valid ${policy.approvalHours} h.` : ''}` },
        ]}
      />
      {forbidden && <Callout severity="warning">You proposed this batch. The policy wants another admin to approve it.</Callout>}
      <TextField label="Note for the audit log, optional" value={note} onChange={setNote} inputRef={field} />
      {approve.error && <FailureCallout error={errorOf(approve.error)} />}
    </Dialog>
  );
}

/** Refuses a plan, with a reason. */
export function RejectDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const reject = useCommandCall('batch.reject');
  const confirm = () => {
    if (reason.trim() === '') return;
    reject.mutate({ id: batch.id, reason: reason.trim() }, { onSuccess: () => (onClose(), notify(`Rejected ${batch.name}.`)) });
  };
  return (
    <Dialog
      title={`Reject ${batch.name}`}
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={reason.trim() === '' ? 'Give a reason.' : null} onClick={confirm}>
            Reject plan {hashHead(batch.planHash ?? '')}
          </Button>
        </>
      }
    >
      <p>The batch stays readable; nothing of it is pushed.</p>
      <TextField label="Reason" value={reason} onChange={setReason} inputRef={field} />
      {reject.error && <FailureCallout error={errorOf(reject.error)} />}
    </Dialog>
  );
}
