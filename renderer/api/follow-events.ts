import type { QueryClient } from '@tanstack/react-query';
import type { QueryName } from '../../shared/contract.ts';
import type { WarehouseProgress } from '../../shared/domain/warehouse.ts';
import type { Client } from '../../shared/transport.ts';

const decisionQueries: readonly QueryName[] = ['pending.page', 'pending.open', 'pending.locate', 'pending.facets', 'pending.show', 'pending.summary', 'shapes.list', 'shapes.show', 'samples.show', 'decision.steps', 'app.info', 'audit.page', 'batches.show'];
const reviewQueries: Readonly<Record<'mark' | 'comment' | 'sample' | 'saved-view', readonly QueryName[]>> = {
  mark: ['pending.facets', 'shapes.list', 'shapes.show', 'samples.show'],
  comment: ['pending.show', 'pending.facets', 'audit.page'],
  sample: ['samples.show', 'shapes.show', 'pending.page', 'pending.open', 'pending.facets', 'audit.page'],
  'saved-view': ['savedViews.list', 'audit.page'],
};
const batchQueries: readonly QueryName[] = ['batches.list', 'batches.show', 'batches.records', 'app.info', 'audit.page', 'audit.checkpoints', 'pending.show', 'records.runs', 'status.metrics'];

/** Key under which the newest progress of a batch's run is kept. */
export function runProgressKey(batchId: string): readonly unknown[] {
  return ['run.progress', batchId];
}

/** Key under which the newest progress of any run is kept; the frame follows it on every screen. */
export const currentRunKey: readonly unknown[] = ['run.current'];

/** Key under which the progress of a running refresh is kept; null when none runs. */
export const refreshProgressKey: readonly unknown[] = ['snapshot.progress'];

/** Key under which is kept what the warehouse is doing while somebody waits for it; null when nobody does. */
export const warehouseProgressKey: readonly unknown[] = ['warehouse.progress'];

/** Key under which the progress of a comparison of rules is kept; null when none runs. */
export const whatIfProgressKey: readonly unknown[] = ['whatIf.progress'];

/** What the warehouse said of itself, and when, by this window's clock. */
export interface StampedProgress {
  progress: WarehouseProgress;
  atMs: number;
}

const progressKeys: readonly unknown[] = ['run.progress', 'run.current', 'snapshot.progress', 'warehouse.progress', 'whatIf.progress'];

/** Makes what an event has changed be read again. Returns the function that ends it. */
export function followEvents(client: Client, queryClient: QueryClient): () => void {
  const readAgain = (names: readonly QueryName[]) => {
    for (const name of names) void queryClient.invalidateQueries({ queryKey: [name] });
  };
  const ends = [
    client.on('snapshot.progress', (progress) => queryClient.setQueryData(refreshProgressKey, progress)),
    client.on('snapshot.changed', () => {
      queryClient.setQueryData(refreshProgressKey, null);
      void queryClient.invalidateQueries({ predicate: (query) => !progressKeys.includes(query.queryKey[0]) });
    }),
    client.on('decisions.changed', () => readAgain(decisionQueries)),
    client.on('review.changed', ({ what }) => readAgain(reviewQueries[what])),
    client.on('batches.changed', () => readAgain(batchQueries)),
    client.on('run.progress', (progress) => {
      queryClient.setQueryData(runProgressKey(progress.batchId), progress);
      queryClient.setQueryData(currentRunKey, progress);
      readAgain(['batches.show']);
    }),
    client.on('pause.changed', () => readAgain(['app.info', 'audit.page', 'batches.show'])),
    client.on('settings.changed', () => readAgain(['settings.get', 'warehouse.signInState', 'app.info', 'audit.page', 'audit.shipping', 'batches.show'])),
    client.on('warehouse.progress', (progress) => queryClient.setQueryData(warehouseProgressKey, progress.state === 'ready' ? null : ({ progress, atMs: Date.now() } satisfies StampedProgress))),
    client.on('whatIf.progress', (progress) => queryClient.setQueryData(whatIfProgressKey, progress)),
    client.on('audit.shipped', () => readAgain(['audit.shipping', 'audit.checkpoints', 'app.info'])),
  ];
  return () => {
    for (const end of ends) end();
  };
}
