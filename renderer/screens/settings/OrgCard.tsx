import type { CallOutput } from '../../../shared/contract.ts';
import { useInfo } from '../../app/use-info.ts';
import { DataText } from '../../components/DataText.tsx';
import { environmentWords, sentenceCase } from '../../words.ts';
import { ConnectionCard } from './ConnectionCard.tsx';
import factsCss from '../../components/Facts.module.css';

/** The Salesforce org: which one it is and where its secret comes from. */
export function OrgCard({ connection }: { connection: CallOutput<'settings.get'>['connections'][number] }) {
  const org = useInfo()?.org ?? null;
  return (
    <ConnectionCard title="Salesforce org" kind={connection.kind === 'simulated' ? 'Simulated, on this machine' : 'Salesforce'}>
      <dl className={factsCss['facts']}>
        <dt>Org</dt>
        <dd>{org === null ? 'not reached yet' : <DataText text={org.name} />}</dd>
        {org !== null && (
          <>
            <dt>Environment</dt>
            <dd>{environmentWords[org.environment]}</dd>
            <dt>Org id</dt>
            <dd className="mono">
              <DataText text={org.id} />
            </dd>
          </>
        )}
        <dt>Address</dt>
        <dd className="mono">
          <DataText text={connection.address} />
        </dd>
        <dt>Secret</dt>
        <dd>{sentenceCase(connection.secret)}</dd>
      </dl>
    </ConnectionCard>
  );
}
