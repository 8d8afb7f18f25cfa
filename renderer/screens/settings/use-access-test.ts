import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { AppError } from '../../../shared/errors.ts';
import type { AccessReport } from '../../../shared/domain/warehouse.ts';
import { useClient } from '../../api/client-context.tsx';
import { warehouseProgressKey } from '../../api/follow-events.ts';
import { errorOf } from '../../api/query-call.ts';

/** Key of the last test; it stays while one looks at other screens. */
export const accessTestKey = ['warehouse.test'] as const;

export interface AccessTest {
  isRunning: boolean;
  report: AccessReport | null;
  /** When the report was made, by this window's clock. */
  testedAtMs: number;
  error: AppError | null;
  start(): void;
  cancel(): void;
}

/** The test of the connection to the warehouse: made on demand only, and cancelled in the core too. */
export function useAccessTest(): AccessTest {
  const client = useClient();
  const queryClient = useQueryClient();
  const call = useQuery<AccessReport>({
    queryKey: accessTestKey,
    queryFn: ({ signal }) => client.call('warehouse.test', {}, signal).finally(() => queryClient.setQueryData(warehouseProgressKey, null)),
    enabled: false,
  });
  return {
    isRunning: call.isFetching,
    report: call.data ?? null,
    testedAtMs: call.dataUpdatedAt,
    error: call.isFetching || call.error === null ? null : errorOf(call.error),
    start: () => void call.refetch(),
    cancel: () => void queryClient.cancelQueries({ queryKey: accessTestKey }),
  };
}
