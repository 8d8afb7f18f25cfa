import type { CallOutput } from '../../../shared/contract.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import type { Outcome, RecordOutcome } from '../../../shared/domain/outcome.ts';
import { pendingKeySchema, type PendingKey } from '../../../shared/domain/pending-change.ts';
import type { PlanRecord } from '../../../shared/domain/plan.ts';
import { AppFailure } from '../app-failure.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { Cache } from '../ports.ts';

interface RecordsInput {
  outcome: Outcome | null;
  code: string | null;
  chunk: number | null;
  after: string | null;
  limit: number;
}

type Deps = Pick<{ ledger: Ledger; cache: Cache }, 'ledger' | 'cache'>;

/**
 * Lists the records of a batch with what became of each; before the first run none of them is sent.
 *
 * Shape:  before a run, a frozen plan lists its records as they were frozen, a draft its members with their pending changes as they are now.
 * Errors: `invalid-input` for a cursor that is none of ours.
 */
export async function listRecords(deps: Deps, batch: Batch, input: RecordsInput): Promise<CallOutput<'batches.records'>> {
  if (batch.runId !== null) return deps.ledger.outcomes({ batchId: batch.id, ...input });
  if ((input.outcome !== null && input.outcome !== 'notSent') || input.code !== null || input.chunk !== null) return { total: 0, items: [], next: null };
  const after = input.after === null ? null : readCursor(input.after);
  const items = batch.planHash === null ? await draftRecords(deps, batch.id, after, input.limit) : (await deps.ledger.planRecords(batch.id, after, input.limit)).map(notSent);
  const last = items.length < input.limit ? undefined : items.at(-1);
  return { total: batch.creates + batch.updates, items, next: last ? JSON.stringify({ key: last.key, kind: last.operation }) : null };
}

function readCursor(text: string): PendingKey {
  try {
    return pendingKeySchema.parse(JSON.parse(text));
  } catch {
    throw new AppFailure('invalid-input', 'The cursor does not belong to this list.', { after: text });
  }
}

async function draftRecords({ ledger, cache }: Deps, batchId: string, after: PendingKey | null, limit: number): Promise<RecordOutcome[]> {
  const members = await ledger.members(batchId, after, limit);
  const changes = members.length === 0 ? [] : await cache.plannable({ selection: { items: members }, after: null, limit: members.length });
  const byKey = new Map(changes.map((change) => [`${change.kind}\0${change.key}`, change]));
  return members.map(({ key, kind }) => notSent(byKey.get(`${kind}\0${key}`) ?? { key, kind, recordId: null, name: null, fields: {}, contributors: [] }));
}

function notSent({ key, kind, recordId, name, fields }: PlanRecord): RecordOutcome {
  const values = (side: 'before' | 'after'): Record<string, FieldValue> => Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, value[side]]));
  return { key, operation: kind, name, outcome: 'notSent', code: null, message: null, fields: [], salesforceId: recordId, attempts: 0, chunk: null, before: kind === 'create' ? null : values('before'), after: values('after'), now: null };
}
