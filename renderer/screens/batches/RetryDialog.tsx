import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Batch } from '../../../shared/domain/batch.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf } from '../../api/query-call.ts';
import { usePushes } from '../../app/pushes.tsx';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Banner.tsx';
import { Dialog, SummaryTable } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { createsAndUpdates, number, plural } from '../../words.ts';
import { keysOf } from './keys-of.ts';
import { ConfirmField, usePushFacts } from './PushFacts.tsx';

/** Retrying in a production org: what failed is counted anew, and these counts are typed. */
export function RetryDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const client = useClient();
  const pushes = usePushes();
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const failed = useQuery({ queryKey: ['keys-of', batch.id, 'failed'], queryFn: ({ signal }) => keysOf(client, { id: batch.id, outcome: 'failed' }, signal), gcTime: 0 });
  const expected = failed.data ? `${batch.orgName}:${failed.data.creates}+${failed.data.updates}` : null;
  const records = batch.outcomes?.failed ?? 0;
  const facts = usePushFacts(batch, `${number(records)} that failed${failed.data ? `: ${createsAndUpdates(failed.data.creates, failed.data.updates)}` : ''}`);
  const off = expected === null ? 'The records are being counted.' : typed === expected ? null : `Type ${expected} first.`;
  const confirm = () => {
    if (off !== null) return;
    onClose();
    pushes.retry(batch, typed);
  };
  return (
    <Dialog
      title="Push to Salesforce"
      onClose={onClose}
      environment="production"
      focus={field}
      onSubmit={confirm}
      note="You can stop after any chunk."
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="production" off={off} onClick={confirm}>
            Retry {plural(records, 'record')}
          </Button>
        </>
      }
    >
      <SummaryTable rows={facts} />
      <Callout>
        <b className="strong">Not checked:</b> validation rules, triggers and flows in Salesforce. Stale records are not retried: they need a new plan.
      </Callout>
      <ConfirmField expected={expected ?? '…'} typed={typed} onType={setTyped} field={field} />
      {failed.error && <FailureCallout error={errorOf(failed.error)} />}
    </Dialog>
  );
}
