import { keepPreviousData, queryOptions, useMutation, useQuery, type UseMutationOptions, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import type { CallInput, CallOutput, CommandName, QueryName } from '../../shared/contract.ts';
import type { AppError } from '../../shared/errors.ts';
import { CallFailure, type Client } from '../../shared/transport.ts';
import { useClient } from './client-context.tsx';

export interface QueryCallOptions {
  enabled?: boolean;
  /** Keep showing the old answer while a new input is asked for. */
  keepPrevious?: boolean;
  /** A count that the answer depends on beside the input: another one asks again. */
  asOf?: number;
}

/** What the cache needs to ask the core for something, and to find the answer again. */
export function queryCall<N extends QueryName>(client: Client, name: N, input: CallInput<N>) {
  return queryOptions<CallOutput<N>>({ queryKey: [name, input], queryFn: ({ signal }) => client.call(name, input, signal) });
}

/** Asks the core and keeps the answer until an event says that it has changed. */
export function useQueryCall<N extends QueryName>(name: N, input: CallInput<N>, options: QueryCallOptions = {}): UseQueryResult<CallOutput<N>> {
  const client = useClient();
  return useQuery<CallOutput<N>>({
    queryKey: [name, input, ...(options.asOf === undefined ? [] : [options.asOf])],
    queryFn: ({ signal }) => client.call(name, input, signal),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData as never } : {}),
  });
}

/** Tells the core to do something. What follows in `then` also happens when the caller has left the screen by the time of the answer. */
export function useCommandCall<N extends CommandName>(name: N, then: Pick<UseMutationOptions<CallOutput<N>, Error, CallInput<N>>, 'onSuccess' | 'onError'> = {}): UseMutationResult<CallOutput<N>, Error, CallInput<N>> {
  const client = useClient();
  return useMutation<CallOutput<N>, Error, CallInput<N>>({ ...then, mutationFn: (input) => client.call(name, input) });
}

/** The failure as data; anything else is a bug of this window. */
export function errorOf(failure: unknown): AppError {
  if (failure instanceof CallFailure) return failure.error;
  return { code: 'unexpected', message: failure instanceof Error ? failure.message : String(failure), details: {} };
}
