import { createHash } from 'node:crypto';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import type { PlanHeader, PlanRecord } from '../../../shared/domain/plan.ts';
import { canonicalJson } from '../canonical.ts';
import type { Ledger } from '../ledger-ports.ts';
import { pageSize } from './batch-deps.ts';

export interface PlanHasher {
  /** Takes the next record and answers with its canonical JSON; records come in order of kind, then key. */
  add(record: PlanRecord): string;
  digest(): string;
}

/**
 * Hashes a plan record by record; the digest is that of the canonical JSON of the whole document `{ ...header, records }`.
 *
 * Errors: `add` throws when a record does not come after the one before it.
 */
export function createPlanHasher(header: PlanHeader): PlanHasher {
  const hash = createHash('sha256');
  const marker = '"records":[]';
  const [start, end, ...more] = canonicalJson({ ...header, records: [] }).split(marker);
  if (start === undefined || end === undefined || more.length > 0) throw new Error('The header of a plan cannot have records of its own.');
  hash.update(`${start}"records":[`, 'utf8');
  let last: PlanRecord | null = null;
  return {
    add(record) {
      if (last !== null && comparePendingKeys(last, record) >= 0) throw new Error(`The plan is out of order at ${record.kind} ${record.key}.`);
      const text = canonicalJson(record);
      hash.update(last === null ? text : `,${text}`, 'utf8');
      last = record;
      return text;
    },
    digest: () => hash.update(`]${end}`, 'utf8').digest('hex'),
  };
}

/** Order of kind, then key by its bytes in UTF-8. */
export function comparePendingKeys(one: PendingKey, other: PendingKey): number {
  if (one.kind !== other.kind) return one.kind < other.kind ? -1 : 1;
  return Buffer.compare(Buffer.from(one.key, 'utf8'), Buffer.from(other.key, 'utf8'));
}

/** Hashes the plan of a batch anew from its stored rows; null when there is none. */
export async function rehashPlan(ledger: Ledger, batchId: string): Promise<string | null> {
  const plan = await ledger.planHeader(batchId);
  if (plan === null) return null;
  const hasher = createPlanHasher(plan.header);
  let after: PendingKey | null = null;
  for (;;) {
    const records: PlanRecord[] = await ledger.planRecords(batchId, after, pageSize);
    for (const record of records) hasher.add(record);
    const last = records.at(-1);
    if (last === undefined) return hasher.digest();
    after = { key: last.key, kind: last.kind };
  }
}
