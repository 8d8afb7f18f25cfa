import type { ChainReport } from '../../../shared/domain/audit-event.ts';
import type { CallParsed } from '../../../shared/contract.ts';
import { AppFailure } from '../app-failure.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { CallContext } from '../ports.ts';
import type { AuditEvidence, AuditTable } from '../warehouse-ports.ts';
import { atMost } from './at-most.ts';
import type { ChainProblem } from './chain.ts';
import { compareEvidence, type ComparedChain } from './compare-evidence.ts';

/** How long the warehouse is waited for when it need not answer. */
const askForMs = 30_000;

/** What the warehouse said, or why it said nothing. */
export type Asked = { evidence: AuditEvidence } | { failure: AppFailure };

/**
 * Verifies the chain, compares it with the warehouse's copy, and records that it was verified.
 *
 * Shape:  the warehouse is asked first, so that what is written meanwhile is in the chain by the time it is read. Nothing is
 *         written to a broken chain, nor where nothing may be written.
 * Errors: none for a broken chain; that is what the report says. With `required` the warehouse's own when it cannot be asked.
 */
export async function verifyAudit(deps: { ledger: Ledger; table: AuditTable; readOnly: boolean }, { actor, signal }: CallContext, input: CallParsed<'audit.verify'>): Promise<ChainReport> {
  const { ledger, table } = deps;
  const lineage = await ledger.lineage();
  const asked = input.anchor === 'skip' ? null : await askWarehouse(table, lineage, input.anchor === 'required', signal);
  const local = await ledger.verify();
  const copied = (await ledger.shipping()).shipped;
  const report = asked === null ? local : await addAnchor(local, asked, await chainOf(ledger, lineage, local), { copied, isRequired: input.anchor === 'required' });
  if (report.ok && !deps.readOnly) {
    await ledger.commit({ events: [{ type: 'audit.verified', actor, batchId: null, runId: null, keys: [], data: { ok: report.ok, events: report.events, head: report.head, anchor: report.anchor.state } }], writes: [] });
  }
  return report;
}

/**
 * Asks the warehouse what it holds of one ledger.
 *
 * Errors: with `isRequired` what the warehouse throws; otherwise only `cancelled`, and it is not waited for longer than half a minute.
 */
export async function askWarehouse(table: AuditTable, lineage: string, isRequired: boolean, signal: AbortSignal): Promise<Asked> {
  if (isRequired) return { evidence: await table.evidence(lineage, signal) };
  try {
    return { evidence: await atMost(askForMs, signal, (bounded) => table.evidence(lineage, bounded)) };
  } catch (error) {
    if (!(error instanceof AppFailure) || error.error.code === 'cancelled') throw error;
    return { failure: error };
  }
}

/**
 * Adds to a report how the chain agrees with the warehouse's copy.
 *
 * Shape:  copied: the events that are thought to be there; what is missing of them is said. A chain that is broken before the
 *         place that the warehouse knows disagrees, and its own first bad event stands. isRequired: a warehouse that holds
 *         nothing of this ledger is a fault too, because a ledger that was replaced by another one looks just like that.
 */
export async function addAnchor(report: ChainReport, asked: Asked, chain: ComparedChain, { copied, isRequired }: { copied: number; isRequired: boolean }): Promise<ChainReport> {
  if ('failure' in asked) {
    return { ...report, anchor: { state: 'unreachable', seq: null, head: null, at: null, text: `${asked.failure.message} The chain was verified without the copy in the warehouse.` } };
  }
  const { anchor, events } = asked.evidence;
  const isUnknown = isRequired && events === 0 && anchor === null;
  const found = isUnknown ? unknownLedger : await compareEvidence(chain, asked.evidence);
  const isBrokenBefore = found?.problem === 'truncated' && report.firstBad !== null;
  const text = isBrokenBefore ? `The chain is broken before event ${anchor?.seq ?? asked.evidence.last?.seq}, which the warehouse holds.` : found?.text;
  const state = found !== null && !isUnknown ? 'disagrees' : anchor === null ? 'none' : 'agrees';
  const firstBad = found !== null && (report.firstBad === null || found.seq < report.firstBad.seq) ? found : report.firstBad;
  return {
    ...report,
    ok: firstBad === null,
    firstBad,
    anchor: { state, seq: anchor?.seq ?? null, head: anchor?.head ?? null, at: anchor?.at ?? null, text: [text ?? wordsOf(events, anchor), ...missingWords(copied - events)].join(' ') },
  };
}

const unknownLedger: ChainProblem = { seq: 1, problem: 'foreign', text: 'The warehouse holds nothing of this ledger: it was never copied there, or it is not the ledger that was.' };

async function chainOf(ledger: Ledger, lineage: string, { events }: ChainReport): Promise<ComparedChain> {
  const publicKey = events === 0 ? null : (await ledger.eventsFrom(1, 1))[0]?.data['publicKey'];
  return { lineage, publicKey: typeof publicKey === 'string' ? publicKey : '', events, hashAt: async (seq) => (await ledger.eventsFrom(seq, 1))[0]?.hash ?? null };
}

function wordsOf(events: number, anchor: AuditEvidence['anchor']): string {
  if (anchor !== null) return `The warehouse holds ${events} events of this chain, and its head at event ${anchor.seq}.`;
  return events === 0 ? 'The warehouse holds nothing of this ledger.' : `The warehouse holds ${events} events of this chain, but no anchor yet.`;
}

function missingWords(missing: number): string[] {
  return missing > 0 ? [`${missing} events that were copied are no longer there; the next copy adds them again.`] : [];
}
