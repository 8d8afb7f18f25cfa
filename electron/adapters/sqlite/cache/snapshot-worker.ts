import { createSnapshotStore, type SnapshotStore, type SnapshotWriterInit } from './snapshot-writer.ts';

/** Entry of the thread that fills the next snapshot. */
export function createStore(init: SnapshotWriterInit): SnapshotStore {
  return createSnapshotStore(init);
}
