import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { Client } from '../../shared/transport.ts';
import { followEvents } from './follow-events.ts';

const ClientContext = createContext<Client | null>(null);

/** Gives the app its connection to the core, and the cache of what it has answered. */
export function ApiProvider({ client, children }: { client: Client; children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, gcTime: 120_000, retry: false, refetchOnWindowFocus: false, networkMode: 'always' }, mutations: { networkMode: 'always' } } }));
  return (
    <QueryClientProvider client={queryClient}>
      <ClientContext value={client}>
        <EventFollower client={client} />
        {children}
      </ClientContext>
    </QueryClientProvider>
  );
}

function EventFollower({ client }: { client: Client }) {
  const queryClient = useQueryClient();
  useEffect(() => followEvents(client, queryClient), [client, queryClient]);
  return null;
}

/** The connection to the core. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error('useClient needs an ApiProvider');
  return client;
}
