import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import type { AppError } from '../../shared/errors.ts';
import type { RefreshProgress, Snapshot } from '../../shared/domain/snapshot.ts';
import { useClient } from '../api/client-context.tsx';
import { refreshProgressKey, warehouseProgressKey } from '../api/follow-events.ts';
import { errorOf } from '../api/query-call.ts';
import { number } from '../words.ts';
import { useNotifications } from './notifications.tsx';

interface Refresh {
  isRunning: boolean;
  progress: RefreshProgress | null;
  /** Why the last refresh failed; null once one has worked. */
  error: AppError | null;
  start(): void;
  cancel(): void;
}

const RefreshContext = createContext<Refresh | null>(null);

/** What a refresh has found, in one sentence. */
export function refreshedSentence(snapshot: Snapshot): string {
  const pending = number(snapshot.creates + snapshot.updates);
  if (snapshot.added + snapshot.changed + snapshot.removed === 0) return `Refreshed: ${pending} pending, the same as before.`;
  return `Refreshed: ${pending} pending; ${number(snapshot.added)} added, ${number(snapshot.changed)} changed, ${number(snapshot.removed)} removed.`;
}

/** Runs the refresh for the whole app, so that it goes on from screen to screen. */
export function RefreshProvider({ children }: { children: ReactNode }) {
  const client = useClient();
  const queryClient = useQueryClient();
  const { notify, say } = useNotifications();
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const control = useRef<AbortController | null>(null);
  const { data: progress } = useQuery<RefreshProgress | null>({ queryKey: refreshProgressKey, queryFn: () => null, enabled: false, initialData: null });

  const start = useCallback(() => {
    if (control.current) return;
    const abort = new AbortController();
    control.current = abort;
    setRunning(true);
    setError(null);
    say('Refresh started.');
    client
      .call('snapshot.refresh', {}, abort.signal)
      .then((snapshot) => notify(refreshedSentence(snapshot)))
      .catch((failure: unknown) => {
        const failed = errorOf(failure);
        if (failed.code === 'cancelled') notify('Refresh cancelled. The last snapshot stays as it was.');
        else setError(failed);
      })
      .finally(() => {
        control.current = null;
        setRunning(false);
        queryClient.setQueryData(refreshProgressKey, null);
        queryClient.setQueryData(warehouseProgressKey, null);
      });
  }, [client, notify, queryClient, say]);
  const cancel = useCallback(() => control.current?.abort(), []);
  const value = useMemo(() => ({ isRunning, progress, error, start, cancel }), [isRunning, progress, error, start, cancel]);
  return <RefreshContext value={value}>{children}</RefreshContext>;
}

/** The refresh: whether it runs, how far it is, and how to start or cancel it. */
export function useRefresh(): Refresh {
  const refresh = useContext(RefreshContext);
  if (!refresh) throw new Error('useRefresh needs a RefreshProvider');
  return refresh;
}
