import type { CallOutput } from '../../../shared/contract.ts';
import type { SignIn } from '../../../shared/domain/warehouse.ts';
import { DataText } from '../../components/DataText.tsx';
import { keptSentence, signInMethodWords } from '../../words/warehouse.ts';
import factsCss from '../../components/Facts.module.css';

/** Where the warehouse is, where the views are deployed, how it is signed in to and where the secret is kept. */
export function WarehouseFacts({ connection, signIn }: { connection: CallOutput<'settings.get'>['connections'][number]; signIn: SignIn | undefined }) {
  return (
    <dl className={factsCss['facts']}>
      <dt>{connection.kind === 'embedded' ? 'Source' : 'Address'}</dt>
      <dd className="mono">
        <DataText text={connection.address} />
      </dd>
      <dt>Views in</dt>
      <dd className={connection.place === null ? undefined : 'mono'}>{connection.place === null ? 'this version; nothing is deployed' : <DataText text={connection.place} />}</dd>
      <dt>Sign-in</dt>
      <dd>{signIn ? signInMethodWords[signIn.method] : 'Reading'}</dd>
      {signIn && signIn.method !== 'none-needed' && (
        <>
          <dt>Secret</dt>
          <dd>{keptSentence(signIn)}</dd>
        </>
      )}
    </dl>
  );
}
