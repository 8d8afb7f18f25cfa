import { createContext, useCallback, useContext, useMemo, type ReactNode } from 'react';
import type { Batch, PushMode, Run } from '../../shared/domain/batch.ts';
import { useClient } from '../api/client-context.tsx';
import { errorOf } from '../api/query-call.ts';
import { PushRefusedDialog } from '../components/PushRefusedDialog.tsx';
import { isWhole, runSentence } from '../words/runs.ts';
import { useDialogs } from './dialogs.tsx';
import { useNotifications } from './notifications.tsx';

interface Pushes {
  push(batch: Batch, input: { mode: PushMode; confirm?: string }): void;
  retry(batch: Batch, confirm?: string): void;
  resume(runId: string, name: string): void;
}

const PushesContext = createContext<Pushes | null>(null);

/** Starts runs for the whole app: a run goes on while one looks at other screens. */
export function PushesProvider({ children }: { children: ReactNode }) {
  const client = useClient();
  const { notify, say } = useNotifications();
  const { open } = useDialogs();
  const follow = useCallback(
    (name: string, started: Promise<Run>) => {
      say(`Push of ${name} started.`);
      started
        .then((run) => notify(runSentence(run), { look: isWhole(run) ? 'done' : 'problem' }))
        .catch((failure: unknown) => {
          const error = errorOf(failure);
          if (error.code !== 'cancelled') open((close) => <PushRefusedDialog name={name} error={error} onClose={close} />);
        });
    },
    [notify, open, say],
  );
  const value = useMemo<Pushes>(
    () => ({
      push: (batch, input) => follow(batch.name, client.call('batch.push', { id: batch.id, ...input })),
      retry: (batch, confirm) => follow(batch.name, client.call('batch.retry', { id: batch.id, ...(confirm === undefined ? {} : { confirm }) })),
      resume: (runId, name) => follow(name, client.call('run.resume', { runId })),
    }),
    [client, follow],
  );
  return <PushesContext value={value}>{children}</PushesContext>;
}

/** Starts, retries and resumes runs. */
export function usePushes(): Pushes {
  const pushes = useContext(PushesContext);
  if (!pushes) throw new Error('usePushes needs a PushesProvider');
  return pushes;
}
