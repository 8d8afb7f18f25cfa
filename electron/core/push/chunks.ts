import { mostPerChunk, type Chunk, type Run } from '../../../shared/domain/batch.ts';
import { recordStates, type RecordState } from '../../../shared/domain/outcome.ts';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import type { ChunkRow, Ledger, RunRecord } from '../ledger-ports.ts';
import { workItem, type ChunkWork, type PushSession } from './session.ts';

/** Records of one chunk of a run: the policy makes calls smaller, never jobs. */
export function chunkSizeOf(mode: Run['mode'], policy: Pick<Policy, 'chunkSize'>): number {
  return mode === 'bulk' ? mostPerChunk.bulk : Math.min(policy.chunkSize, mostPerChunk[mode]);
}

const recordsPerPage = 2_000;

/**
 * Cuts the planned records of a run into chunks, in the order in which they are sent: creates, then updates.
 *
 * Shape:  at most `size` records and one operation a chunk, so creates and updates take the fewest calls possible.
 */
export function cutChunks(counts: { creates: number; updates: number }, size: number): ChunkRow[] {
  const chunks: ChunkRow[] = [];
  const cut = (operation: ChunkRow['operation'], total: number): void => {
    for (let left = total; left > 0; left -= size) {
      chunks.push({ number: chunks.length + 1, operation, records: Math.min(left, size), state: 'waiting' });
    }
  };
  cut('create', counts.creates);
  cut('update', counts.updates);
  return chunks;
}

/** Streams the records of a run chunk by chunk. Chunks keep their records whenever the run is resumed. */
export async function* readChunks(session: Pick<PushSession, 'deps' | 'run' | 'chunks' | 'lost'>): AsyncGenerator<ChunkWork> {
  const { deps, run, chunks } = session;
  let after: PendingKey | null = null;
  for (const chunk of chunks) {
    const records: RunRecord[] = await deps.ledger.runRecords({ runId: run.id, states: recordStates, after, limit: chunk.records });
    const last = records.at(-1);
    if (last === undefined) return;
    after = { key: last.key, kind: last.kind };
    yield { number: chunk.number, operation: chunk.operation, items: records.map((record) => workItem(session, record)) };
  }
}

/** Counts what failed in a run, by operation. */
export async function countFailed(ledger: Ledger, runId: string): Promise<{ creates: number; updates: number }> {
  const counts = { creates: 0, updates: 0 };
  let after: PendingKey | null = null;
  for (;;) {
    const records: RunRecord[] = await ledger.runRecords({ runId, states: ['failed'], after, limit: recordsPerPage });
    for (const record of records) counts[record.kind === 'create' ? 'creates' : 'updates'] += 1;
    const last = records.at(-1);
    if (last === undefined) return counts;
    after = { key: last.key, kind: last.kind };
  }
}

/** What a chunk looks like from outside, by the states of its records. */
export function chunkStateOf(states: readonly RecordState[]): Chunk['state'] {
  const has = (state: RecordState): boolean => states.includes(state);
  if (has('sending')) return 'sending';
  if (has('unknown')) return 'unknown';
  if (has('planned')) return 'waiting';
  if (has('failed')) return 'failed';
  return has('stale') ? 'stale' : 'done';
}
