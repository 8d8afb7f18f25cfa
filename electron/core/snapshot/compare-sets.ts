import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { Kind } from '../../../shared/domain/pending-change.ts';
import { throwIfCancelled } from '../app-failure.ts';
import type { CandidateChange, CheckHit, SnapshotWriter, StoredOrgRecord, Warehouse, WarehouseRow } from '../ports.ts';
import { buildCandidate, candidateShape, keyOf, type CandidateShape } from './build-candidate.ts';
import type { OrgValues } from './org-values.ts';
import { WriteBehind } from './write-behind.ts';

interface CompareInput {
  warehouse: Warehouse;
  mapping: Mapping;
  values: OrgValues;
  writer: SnapshotWriter;
  signal: AbortSignal;
  onRows(count: number): void;
}

/** What the org knows otherwise than the warehouse's mirror of it. */
export interface Disagreements {
  /** Creates whose key the org has. They keep a blocker: an approved create never turns into an update. */
  alreadyInOrg: number;
  /** Updates whose record the org no longer has. They are left out. */
  goneFromOrg: number;
}

/**
 * Compares both pending sets with the org, creates first, and hands the results to the writer in batches.
 *
 * Errors: `cancelled` between batches.
 */
export async function compareSets(input: CompareInput): Promise<Disagreements> {
  const found: Disagreements = { alreadyInOrg: 0, goneFromOrg: 0 };
  const shape = candidateShape(input.mapping);
  const stored = new WriteBehind();
  for (const kind of ['create', 'update'] as const) {
    const rows = input.warehouse.readView(`properties_to_${kind}`, { signal: input.signal });
    for await (const [batch, records] of oneAhead(rows, (batch) => input.values.find(batch.map(keyOf)))) {
      throwIfCancelled(input.signal, 'The refresh');
      const { candidates, hits } = compareRows(shape, kind, batch, records);
      found.alreadyInOrg += hits.filter(({ checkId }) => checkId === 'already-in-org').length;
      found.goneFromOrg += hits.filter(({ checkId }) => checkId === 'gone-from-org').length;
      await stored.add(store(input.writer, candidates, hits));
      input.onRows(batch.length);
    }
  }
  await stored.end();
  return found;
}

/** Pairs every batch with what is looked up for it, while the batch before is worked on. */
async function* oneAhead<T, R>(batches: AsyncIterable<T>, lookUp: (batch: T) => Promise<R>): AsyncGenerator<[T, R]> {
  let last: { batch: T; found: Promise<R> } | null = null;
  for await (const batch of batches) {
    const found = lookUp(batch);
    // Awaited in the next round; until then a failure must not count as unhandled.
    found.catch(() => {});
    if (last !== null) yield [last.batch, await last.found];
    last = { batch, found };
  }
  if (last !== null) yield [last.batch, await last.found];
}

async function store(writer: SnapshotWriter, candidates: readonly CandidateChange[], hits: readonly CheckHit[]): Promise<void> {
  await writer.addCandidates(candidates);
  if (hits.length > 0) await writer.addHits(hits);
}

function compareRows(shape: CandidateShape, kind: Kind, rows: readonly WarehouseRow[], records: readonly StoredOrgRecord[]): { candidates: CandidateChange[]; hits: CheckHit[] } {
  const byKey = Map.groupBy(records, ({ key }) => key);
  const candidates: CandidateChange[] = [];
  const hits: CheckHit[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    const inOrg = byKey.get(key) ?? [];
    if (kind === 'create') {
      candidates.push(buildCandidate(shape, kind, row, null));
      if (key !== key.trim()) hits.push({ checkId: 'key-white-space', severity: 'blocker', subject: 'pending', key, kind, detail: `Key ${JSON.stringify(key)}` });
      const record = inOrg[0];
      if (record !== undefined) hits.push({ checkId: 'already-in-org', severity: 'blocker', subject: 'pending', key, kind, detail: `Record ${record.id}` });
      continue;
    }
    const mirrored = String(row['record_id'] ?? '');
    const record = inOrg.find(({ id }) => id === mirrored) ?? inOrg.find(({ id }) => id.slice(0, 15) === mirrored.slice(0, 15)) ?? inOrg[0];
    if (record === undefined) hits.push({ checkId: 'gone-from-org', severity: 'warning', subject: 'record', key, kind, detail: `Record ${mirrored}` });
    else candidates.push(buildCandidate(shape, kind, row, record));
  }
  return { candidates, hits };
}
