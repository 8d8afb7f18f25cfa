import { useRef } from 'react';
import type { Batch } from '../../../shared/domain/batch.ts';
import { errorOf, useCommandCall } from '../../api/query-call.ts';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Banner.tsx';
import { Dialog, SummaryTable } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { Hash } from '../../components/Hash.tsx';
import { hashHead } from '../../components/short-hash.ts';
import { createsAndUpdates, plural } from '../../words.ts';

/** Writes the plan of a batch to a file for an approver who works elsewhere. */
export function ExportPlanDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const cancel = useRef<HTMLButtonElement>(null);
  const exporting = useCommandCall('batch.export');
  const done = exporting.data;
  const confirm = () => exporting.mutate({ id: batch.id });
  return (
    <Dialog
      title={`Export the plan of ${batch.name}`}
      onClose={onClose}
      focus={cancel}
      note={done ? undefined : 'The export is in the audit log.'}
      buttons={
        <>
          <Button onClick={onClose} buttonRef={cancel}>
            {done ? 'Close' : 'Cancel'}
          </Button>
          {!done && (
            <Button look="primary" icon="download" off={exporting.isPending ? 'The plan is being written.' : null} onClick={confirm}>
              Export plan {hashHead(batch.planHash ?? '')}
            </Button>
          )}
        </>
      }
    >
      {done ? (
        <p role="status">
          Wrote {plural(done.records, 'record')} to <span className="mono">{done.file}</span>
        </p>
      ) : (
        <p>Another admin signs the file in their own Countersign by Sign a plan file…, and sends back an approval, which you take in here by Import approval…</p>
      )}
      <SummaryTable
        rows={[
          { name: 'Plan', value: <Hash hash={batch.planHash ?? ''} label="Plan" /> },
          { name: 'Contains', value: `${createsAndUpdates(batch.creates, batch.updates)}${batch.fields === null ? '' : `, ${plural(batch.fields, 'field')}`}` },
          { name: 'Approvals', value: `${batch.approvals.length} of ${batch.approvalsNeeded}` },
        ]}
      />
      <Callout severity="warning">The file holds the names, keys and values of all its records, readable by anybody who has it.</Callout>
      {exporting.error && errorOf(exporting.error).code !== 'cancelled' && <FailureCallout error={errorOf(exporting.error)} />}
    </Dialog>
  );
}
