import type { ReactNode, RefObject } from 'react';
import type { Batch } from '../../../shared/domain/batch.ts';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { DataText } from '../../components/DataText.tsx';
import { TextField } from '../../components/Dialog.tsx';
import { Environment } from '../../components/Environment.tsx';
import { shortHash } from '../../components/short-hash.ts';
import { number, percent } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';

/** Where a push goes, what it carries, who approved it, and what of the day's API calls is used. */
export function usePushFacts(batch: Batch, records: string): { name: string; value: ReactNode }[] {
  const info = useInfo();
  const now = useNow();
  const environment = info?.org?.environment;
  return [
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
    { name: 'Records', value: records },
    { name: 'Approved by', value: `${batch.approvals.map((approval) => approval.by).join(' and ')}${batch.expiresAt === null ? '' : `, valid until ${momentOf(batch.expiresAt, now)}`}` },
    ...(info?.api ? [{ name: 'API calls', value: `${number(info.api.used)} of ${number(info.api.limit)} used today (${percent(info.api.used / info.api.limit)})` }] : []),
  ];
}

/** What is typed before anything is sent to a production org. */
export function ConfirmField({ expected, typed, onType, field }: { expected: string; typed: string; onType: (text: string) => void; field: RefObject<HTMLInputElement | null> }) {
  return (
    <TextField
      label={
        <>
          Type <span className="mono strong">{expected}</span> to confirm
        </>
      }
      value={typed}
      onChange={onType}
      inputRef={field}
      isCode
      placeholder="Org name, colon, creates + updates"
    />
  );
}
