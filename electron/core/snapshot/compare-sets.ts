import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { Kind } from '../../../shared/domain/pending-change.ts';
import { throwIfCancelled } from '../app-failure.ts';
import type { CandidateChange, CheckHit, SnapshotWriter, StoredOrgRecord, Warehouse, WarehouseRow } from '../ports.ts';
import { buildCandidate, keyOf } from './build-candidate.ts';
import type { OrgValues } from './org-values.ts';

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
  // One batch is stored while the next is compared.
  let storing: Promise<void> = Promise.resolve();
  try {
    for (const kind of ['create', 'update'] as const) {
      for await (const rows of input.warehouse.readView(`properties_to_${kind}`, { signal: input.signal })) {
        throwIfCancelled(input.signal, 'The refresh');
        const { candidates, hits } = compareRows(input.mapping, kind, rows, await input.values.find(rows.map(keyOf)));
        if (kind === 'create') found.alreadyInOrg += hits.length;
        else found.goneFromOrg += hits.length;
        await storing;
        storing = store(input.writer, candidates, hits);
        // Awaited in the next round; until then a failure must not count as unhandled.
        storing.catch(() => {});
        input.onRows(rows.length);
      }
    }
  } finally {
    await storing.catch(() => {});
  }
  await storing;
  return found;
}

async function store(writer: SnapshotWriter, candidates: readonly CandidateChange[], hits: readonly CheckHit[]): Promise<void> {
  await writer.addCandidates(candidates);
  if (hits.length > 0) await writer.addHits(hits);
}

function compareRows(mapping: Mapping, kind: Kind, rows: readonly WarehouseRow[], records: readonly StoredOrgRecord[]): { candidates: CandidateChange[]; hits: CheckHit[] } {
  const byKey = Map.groupBy(records, ({ key }) => key);
  const candidates: CandidateChange[] = [];
  const hits: CheckHit[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    const inOrg = byKey.get(key) ?? [];
    if (kind === 'create') {
      candidates.push(buildCandidate(mapping, kind, row, null));
      if (key !== key.trim()) hits.push({ checkId: 'key-white-space', severity: 'blocker', subject: 'pending', key, kind, detail: `Key ${JSON.stringify(key)}` });
      const record = inOrg[0];
      if (record !== undefined) hits.push({ checkId: 'already-in-org', severity: 'blocker', subject: 'pending', key, kind, detail: `Record ${record.id}` });
      continue;
    }
    const mirrored = String(row['record_id'] ?? '');
    const record = inOrg.find(({ id }) => id === mirrored) ?? inOrg.find(({ id }) => id.slice(0, 15) === mirrored.slice(0, 15)) ?? inOrg[0];
    if (record === undefined) hits.push({ checkId: 'gone-from-org', severity: 'warning', subject: 'record', key, kind, detail: `Record ${mirrored}` });
    else candidates.push(buildCandidate(mapping, kind, row, record));
  }
  return { candidates, hits };
}
