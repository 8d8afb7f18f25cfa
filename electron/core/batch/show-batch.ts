import { auditEventTypes, type AuditEvent, type AuditEventType } from '../../../shared/domain/audit-event.ts';
import type { BatchDetail, ErrorGroup } from '../../../shared/domain/batch.ts';
import type { Ledger } from '../ledger-ports.ts';
import { summarizeEvent } from '../../../shared/domain/summarize-event.ts';
import { requireBatch, type BatchDeps } from './batch-deps.ts';
import { isGated, readPilotGates } from './pilot-gates.ts';
import { readPreflight, surveyStanding } from './preflight.ts';

/** Refusals that may go away by trying again. Source: Salesforce, Core Data Types, StatusCode. */
const retryableCodes: ReadonlySet<string> = new Set([
  'UNABLE_TO_LOCK_ROW', 'SERVER_UNAVAILABLE', 'QUERY_TIMEOUT', 'REQUEST_LIMIT_EXCEEDED', 'TXN_SECURITY_METERING_ERROR', 'REQUEST_RUNNING_TOO_LONG', 'TOO_MANY_APEX_REQUESTS', 'UNKNOWN_EXCEPTION',
]);

/** How many events of one type the timeline shows. */
const eventsPerType = 100;

/** Events of single records are listed by record, not in the timeline. */
const timelineTypes = auditEventTypes.filter((type) => type.startsWith('batch.') || type.startsWith('run.') || type === 'plan.exported' || type === 'signer.trusted' || type === 'chunk.sending');

/** Everything about one batch. Reads only; an approval that has run out is shown as such and marked when it is next used. Errors: `not-found`. */
export async function showBatch(deps: BatchDeps, id: string): Promise<BatchDetail> {
  const { ledger, policy } = deps;
  const batch = await requireBatch(deps, id);
  const standing = await surveyStanding(deps, batch);
  const records = batch.creates + batch.updates;
  const gates = policy.pilotGate && (!batch.isPilot || isGated(batch, records, policy)) ? await readPilotGates(ledger) : [];
  const [runs, groups, timeline] = await Promise.all([ledger.runs(id), ledger.errorGroups(id), readTimeline(ledger, id)]);
  const isGateShut = isGated(batch, records, policy) && gates.some(({ passed }) => !passed) && batch.overridePilotReason === null;
  return {
    batch,
    runs,
    chunks: batch.runId === null ? [] : await ledger.chunks(batch.runId),
    errorGroups: groups.map((group): ErrorGroup => ({ ...group, retryable: group.outcome === 'failed' && retryableCodes.has(group.code) })),
    preflight: await readPreflight(deps, batch, standing, isGateShut),
    gates,
    timeline: timeline.map((event) => ({ seq: event.seq, at: event.at, actor: event.actor, type: event.type, summary: summarizeEvent(event) })),
    planStale: standing.changedKeys.length > 0,
  };
}

async function readTimeline(ledger: Ledger, batchId: string): Promise<AuditEvent[]> {
  const pages = await Promise.all(timelineTypes.map((type: AuditEventType) => ledger.events({ batchId, type, limit: eventsPerType })));
  return pages.flatMap(({ events }) => events).toSorted((one, other) => one.seq - other.seq);
}
