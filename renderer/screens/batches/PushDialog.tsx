import { useRef, useState } from 'react';
import type { Batch } from '../../../shared/domain/batch.ts';
import { useQueryCall } from '../../api/query-call.ts';
import { usePushes } from '../../app/pushes.tsx';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Banner.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Dialog, SummaryTable, TextField } from '../../components/Dialog.tsx';
import { Environment } from '../../components/Environment.tsx';
import { SeverityMark } from '../../components/Mark.tsx';
import { shortHash } from '../../components/short-hash.ts';
import { createsAndUpdates, number, plural } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';

/** The last step before anything is sent: org, number and consequence; production is typed. */
export function PushDialog({ batch, isRetry = false, onClose }: { batch: Batch; isRetry?: boolean; onClose: () => void }) {
  const info = useInfo();
  const now = useNow();
  const pushes = usePushes();
  const policy = useQueryCall('settings.get', {}).data?.policy;
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const environment = info?.org?.environment;
  const isProduction = environment === 'production';
  const expected = `${batch.orgName}:${batch.creates}+${batch.updates}`;
  const records = isRetry ? (batch.outcomes?.failed ?? 0) : batch.creates + batch.updates;
  const chunks = policy ? Math.ceil(batch.creates / policy.chunkSize) + Math.ceil(batch.updates / policy.chunkSize) : null;
  const isConfirmed = !isProduction || typed === expected;
  const button = `${isRetry ? 'Retry' : 'Push'} ${plural(records, 'record')}`;
  const confirm = () => {
    if (!isConfirmed) return;
    onClose();
    const input = isProduction ? { confirm: typed } : {};
    if (isRetry) pushes.retry(batch, input.confirm);
    else pushes.push(batch, { mode: 'auto', ...input });
  };
  const rows = [
    {
      name: 'Org',
      value: (
        <>
          <b className="strong">
            <DataText text={batch.orgName} />
          </b>{' '}
          {environment && <Environment environment={environment} />}
        </>
      ),
    },
    {
      name: 'Batch',
      value: (
        <>
          <DataText text={batch.name} />, plan <span className="mono">{shortHash(batch.planHash ?? '')}</span>
        </>
      ),
    },
    { name: 'Records', value: isRetry ? `${number(records)} that failed, out of ${createsAndUpdates(batch.creates, batch.updates)}` : `${number(records)}: ${createsAndUpdates(batch.creates, batch.updates)}${batch.fields === null ? '' : `, ${plural(batch.fields, 'field')}`}` },
    { name: 'Approved by', value: `${batch.approvals.map((approval) => approval.by).join(' and ')}${batch.expiresAt === null ? '' : `, valid until ${momentOf(batch.expiresAt, now)}`}` },
    ...(chunks === null || isRetry ? [] : [{ name: 'Takes', value: `${plural(chunks, 'chunk')}, about ${plural(chunks * 3, 'API call')}${info?.api ? ` of ${number(info.api.limit - info.api.used)} left today` : ''}` }]),
  ];
  return (
    <Dialog
      title="Push to Salesforce"
      onClose={onClose}
      environment={environment}
      focus={isProduction ? field : cancel}
      onSubmit={confirm}
      note={isProduction && isConfirmed ? <SeverityMark severity="ok" icon="check">Matches</SeverityMark> : 'You can stop after any chunk.'}
      buttons={
        <>
          <Button onClick={onClose} buttonRef={cancel}>
            Cancel
          </Button>
          <Button look={isProduction ? 'production' : 'primary'} off={isConfirmed ? null : `Type ${expected} first.`} onClick={confirm}>
            {button}
          </Button>
        </>
      }
    >
      <SummaryTable rows={rows} />
      <Callout>
        <b className="strong">Not checked:</b> validation rules, triggers and flows in Salesforce. A record that changed since review is left alone.
      </Callout>
      {isProduction && (
        <TextField
          label={
            <>
              Type <span className="mono strong">{expected}</span> to confirm
            </>
          }
          value={typed}
          onChange={setTyped}
          inputRef={field}
          isCode
          placeholder="Org name, colon, creates + updates"
        />
      )}
    </Dialog>
  );
}
