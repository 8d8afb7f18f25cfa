import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { Batch } from '../../../shared/domain/batch.ts';
import { mostApprovalTextBytes, signedApprovalSchema, type SignedApproval } from '../../../shared/domain/plan-file.ts';
import { errorOf, useCommandCall, useQueryCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { useNow } from '../../app/use-now.ts';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Banner.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Dialog, SummaryTable } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { FileField } from '../../components/FileField.tsx';
import { Hash } from '../../components/Hash.tsx';
import { useChosenFile } from '../../frame/use-chosen-file.ts';
import { number } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';

/** What an approval file states, unproved: the core proves it when it is taken in. Null where it is none. */
function statedIn(text: string): SignedApproval | null {
  try {
    return signedApprovalSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Names a public key: SHA-256 over its bytes, in hexadecimal digits. */
async function fingerprintOf(publicKey: string): Promise<string> {
  const bytes = Uint8Array.from(atob(publicKey), (sign) => sign.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function Stated({ signed, batch }: { signed: SignedApproval; batch: Batch }) {
  const now = useNow();
  const { statement, publicKey } = signed;
  const fingerprint = useQuery({ queryKey: ['fingerprint', publicKey], queryFn: () => fingerprintOf(publicKey) }).data;
  const seen = useQueryCall('audit.page', { type: 'signer.trusted', text: fingerprint ?? '', limit: 1 }, { enabled: fingerprint !== undefined }).data;
  const isOther = statement.planHash !== batch.planHash || statement.batchId !== batch.id;
  return (
    <>
      <SummaryTable
        rows={[
          { name: 'Signed by', value: <b className="strong"><DataText text={statement.signer} /></b> },
          { name: 'Plan', value: <Hash hash={statement.planHash} label="Plan" /> },
          { name: 'Signed', value: `${momentOf(statement.signedAt, now)}, valid until ${momentOf(statement.expiresAt, now)} at most` },
          ...(statement.note === null ? [] : [{ name: 'Note', value: <DataText text={statement.note} /> }]),
          { name: 'Key', value: fingerprint === undefined ? '…' : <Hash hash={fingerprint} label="Key" /> },
        ]}
      />
      {isOther && <Callout severity="blocker">This approval is for another plan than the one of {batch.name} as it is now.</Callout>}
      {seen?.total === 0 && (
        <Callout severity="warning">
          <b className="strong">This key is seen for the first time.</b> Ask <DataText text={statement.signer} /> for the fingerprint by another way than this file, and compare it. From now on only this key speaks for this name.
        </Callout>
      )}
      {seen !== undefined && seen.total > 0 && <Callout icon="seal">This key has been taken in before, {number(seen.total)} times written down in the audit log.</Callout>}
    </>
  );
}

/** Takes in an approval that was signed elsewhere: who, with which key, and whether the key is new. */
export function ImportApprovalDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const { file, choose } = useChosenFile(mostApprovalTextBytes);
  const take = useCommandCall('batch.import');
  const text = file?.text ?? null;
  const signed = text === null ? null : statedIn(text);
  const off = text === null ? 'Choose the file with the approval.' : signed === null ? 'The file is not an approval.' : take.isPending ? 'The approval is being proved.' : null;
  const confirm = () => {
    if (off !== null || text === null || signed === null) return;
    take.mutate(
      { text },
      {
        onSuccess: (taken) =>
          (onClose(), notify(taken.state === 'approved' ? `${taken.name} is approved. Nothing has been pushed.` : `Took in the approval of ${signed.statement.signer}; ${taken.approvals.length} of ${taken.approvalsNeeded} approvals.`)),
      },
    );
  };
  return (
    <Dialog
      title={`Import an approval of ${batch.name}`}
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      note="Never pushes."
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="seal" off={off} onClick={confirm}>
            {signed ? `Import the approval of ${signed.statement.signer}` : 'Import approval'}
          </Button>
        </>
      }
    >
      <FileField label="Approval file" accept=".json" onChoose={choose} field={field} hint="The file that the other Countersign wrote when the plan was signed." />
      {file?.error && <FailureCallout error={file.error} />}
      {text !== null && signed === null && <Callout severity="blocker">{file?.name} is not an approval that Countersign wrote.</Callout>}
      {signed && <Stated signed={signed} batch={batch} />}
      {take.error && <FailureCallout error={errorOf(take.error)} />}
    </Dialog>
  );
}
