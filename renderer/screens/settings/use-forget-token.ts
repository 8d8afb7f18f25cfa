import { useQueryClient } from '@tanstack/react-query';
import type { AppError } from '../../../shared/errors.ts';
import { errorOf, useCommandCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { accessTestKey } from './use-access-test.ts';

/** Forgets the secret that is stored for the warehouse. `onDone`: gives the focus another place, since the button goes away. */
export function useForgetToken(): { isRunning: boolean; error: AppError | null; forget(onDone: () => void): void } {
  const queryClient = useQueryClient();
  const { notify } = useNotifications();
  const call = useCommandCall('warehouse.storeToken');
  const forget = (onDone: () => void) =>
    call.mutate(
      { token: null },
      {
        onSuccess: () => {
          void queryClient.resetQueries({ queryKey: accessTestKey });
          onDone();
          notify('Forgot what was stored to sign in to the warehouse.');
        },
      },
    );
  return { isRunning: call.isPending, error: call.error ? errorOf(call.error) : null, forget };
}
