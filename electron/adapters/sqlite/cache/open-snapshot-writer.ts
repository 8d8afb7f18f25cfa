import type { SnapshotWriter } from '../../../core/ports.ts';
import { inThisThread, inWorker, type InThread } from '../worker-proxy.ts';
import { valueLimits } from './checks/value-checks.ts';
import { createOrgRecordStore, type OrgRecordStore } from './org-record-store.ts';
import { candidateLines, orgRecordLines, propertyLines, readOrgRecordLines, stagingLines } from './snapshot-lines.ts';
import { rowShape } from './snapshot-rows.ts';
import { createSnapshotStore, type SnapshotStore, type SnapshotWriterInit } from './snapshot-writer.ts';

/** A batch of rows takes a few MB, and with more at hand a thread would only collect its garbage later. The rest is for very long texts. */
const threadLimits = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 };

/**
 * Begins the next snapshot.
 *
 * Shape:  with threads, rows are made here and stored in one thread, the org's records kept in another. `onVisible` is awaited
 *         after the commit.
 */
export async function openSnapshotWriter(init: SnapshotWriterInit, threads: boolean, onVisible: () => Promise<void>): Promise<SnapshotWriter> {
  const orgRecords = threads
    ? await inWorker<OrgRecordStore>(new URL('./org-record-worker.ts', import.meta.url), null, threadLimits)
    : inThisThread<OrgRecordStore>(createOrgRecordStore());
  const openSnapshot = async (): Promise<InThread<SnapshotStore>> =>
    threads ? inWorker<SnapshotStore>(new URL('./snapshot-worker.ts', import.meta.url), init, threadLimits) : inThisThread<SnapshotStore>(createSnapshotStore(init));
  const { proxy, close: closeSnapshot } = await openSnapshot().catch(async (error: unknown) => {
    await orgRecords.close();
    throw error;
  });
  const shape = rowShape(init.mapping);
  const limits = valueLimits(init.mapping, init.org);
  const close = async (): Promise<void> => {
    await orgRecords.close();
    await closeSnapshot();
  };

  return {
    addProperties: (rows) => proxy.addProperties(propertyLines(shape, rows)),
    addStagingRecords: (rows) => proxy.addStagingRecords(stagingLines(rows)),
    addCandidates: (changes) => proxy.addCandidates(candidateLines(shape, limits, changes)),
    addOrgRecords: (records) => orgRecords.proxy.add(orgRecordLines(records)),
    orgRecords: async (keys) => readOrgRecordLines(await orgRecords.proxy.find(keys)),
    addHits: (hits) => proxy.addHits(hits),
    checkSource: (input) => proxy.checkSource(input),
    runChecks: (input) => proxy.runChecks(input),
    async commit(facts, announce) {
      const snapshot = await proxy.finish(facts);
      await announce?.(snapshot);
      await proxy.commit();
      await close();
      await onVisible();
      return snapshot;
    },
    rollback: close,
  };
}
