import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import { useClient } from '../../api/client-context.tsx';
import { warehouseProgressKey } from '../../api/follow-events.ts';
import { errorOf } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { accessTestKey } from './use-access-test.ts';

export interface BrowserSignIn {
  isRunning: boolean;
  error: AppError | null;
  start(): void;
  cancel(): void;
}

/** Signing in to the warehouse with a browser; it waits for the person and can be cancelled. */
export function useSignIn(): BrowserSignIn {
  const client = useClient();
  const queryClient = useQueryClient();
  const { notify } = useNotifications();
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const control = useRef<AbortController | null>(null);
  const start = async () => {
    if (control.current) return;
    const abort = new AbortController();
    control.current = abort;
    setRunning(true);
    setError(null);
    try {
      await client.call('warehouse.signIn', {}, abort.signal);
      await queryClient.resetQueries({ queryKey: accessTestKey });
      notify('Signed in to the warehouse.');
    } catch (failure) {
      const failed = errorOf(failure);
      if (failed.code === 'cancelled') notify('The sign-in was cancelled.');
      else setError(failed);
    } finally {
      control.current = null;
      setRunning(false);
      queryClient.setQueryData(warehouseProgressKey, null);
    }
  };
  return { isRunning, error, start: () => void start(), cancel: () => control.current?.abort() };
}
