import { useRef } from 'react';
import type { CallOutput } from '../../../shared/contract.ts';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { useDialogs } from '../../app/dialogs.tsx';
import { offlineReason, readOnlyReason } from '../../app/off-reasons.ts';
import { useInfo } from '../../app/use-info.ts';
import { useOnline } from '../../app/use-online.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { useBindCommands } from '../../commands/store.tsx';
import { Button } from '../../components/Button.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { warehouseKindWords } from '../../words/warehouse.ts';
import { AccessReportView } from './AccessReportView.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';
import { StoreTokenDialog } from './StoreTokenDialog.tsx';
import { WarehouseFacts } from './WarehouseFacts.tsx';
import { WarehouseWait } from './WarehouseWait.tsx';
import { useAccessTest } from './use-access-test.ts';
import { useForgetToken } from './use-forget-token.ts';
import { useSignIn } from './use-sign-in.ts';
import css from './Connections.module.css';

/** The warehouse: where it is, how it is signed in to, and whether everything is granted. */
export function WarehouseCard({ connection }: { connection: CallOutput<'settings.get'>['connections'][number] }) {
  const info = useInfo();
  const isOnline = useOnline();
  const { open } = useDialogs();
  const test = useAccessTest();
  const signIn = useSignIn();
  const token = useForgetToken();
  const state = useQueryCall('warehouse.signInState', {}, { keepPrevious: true });
  const testButton = useRef<HTMLButtonElement>(null);
  const signInButton = useRef<HTMLButtonElement>(null);
  const tokenButton = useRef<HTMLButtonElement>(null);
  const isEmbedded = connection.kind === 'embedded';
  const busy = test.isRunning ? 'The connection is being tested.' : signIn.isRunning ? 'A sign-in is under way.' : null;
  const offline = offlineReason(info, isOnline);
  const error = signIn.error ?? token.error ?? test.error ?? (state.error ? errorOf(state.error) : null);
  const changeOff = readOnlyReason(info) ?? busy;
  useBindCommands({ 'test-connection': { run: test.start, off: offline ?? busy } });
  return (
    <ConnectionCard title="Warehouse" kind={isEmbedded ? warehouseKindWords.embedded : warehouseKindWords.databricks}>
      <WarehouseFacts connection={connection} signIn={state.data} />
      <div className={css['actions']}>
        <CommandButton buttonRef={testButton} id="test-connection" icon="checks" look={isEmbedded ? 'plain' : 'primary'} />
        {state.data?.canSignIn === true && (
          <Button buttonRef={signInButton} icon="external" off={readOnlyReason(info) ?? offline ?? busy} onClick={signIn.start}>
            Sign in with a browser…
          </Button>
        )}
        {state.data?.canStoreToken === true && (
          <Button buttonRef={tokenButton} icon="lock" popup="dialog" off={changeOff} onClick={() => open((close) => <StoreTokenDialog onClose={close} />)}>
            Store a personal token…
          </Button>
        )}
        {(state.data?.kept === 'keystore' || state.data?.kept === 'session') && (
          <Button look="quiet" off={changeOff ?? (token.isRunning ? 'It is being forgotten.' : null)} onClick={() => token.forget(() => tokenButton.current?.focus())}>
            {state.data.method === 'oauth-u2m' ? 'Forget the sign-in' : 'Forget the token'}
          </Button>
        )}
      </div>
      {test.isRunning && <WarehouseWait title="Testing the connection" cancelLabel="Cancel the test" onCancel={() => (test.cancel(), testButton.current?.focus())} />}
      {signIn.isRunning && <WarehouseWait title="Signing in to the warehouse" cancelLabel="Cancel the sign-in" onCancel={() => (signIn.cancel(), signInButton.current?.focus())} />}
      {error && <FailureCallout error={error} ofWarehouse />}
      {test.report && !test.isRunning && !test.error && <AccessReportView report={test.report} testedAtMs={test.testedAtMs} />}
    </ConnectionCard>
  );
}
