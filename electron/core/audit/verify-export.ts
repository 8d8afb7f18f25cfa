import type { AuditEvent, ChainReport } from '../../../shared/domain/audit-event.ts';
import type { AuditTable } from '../warehouse-ports.ts';
import { anchorNotAsked, createChainWalk, readEvent, type ChainProblem } from './chain.ts';
import { addAnchor, askWarehouse } from './verify-audit.ts';

/**
 * Verifies an export of the audit log on its own, one event a line.
 *
 * Shape:  `lines` without their line ends; empty lines are skipped. A complete export ends with the event of its own making.
 *         `onEvent` is told each event that holds.
 * Errors: never throws for a broken chain; that is what `firstBad` says. A file cut back to the end of an earlier export
 *         is that earlier export, and passes.
 */
export async function verifyExport(lines: AsyncIterable<string>, onEvent: (event: AuditEvent) => void = () => {}): Promise<ChainReport> {
  const started = performance.now();
  const walk = createChainWalk();
  let problem: ChainProblem | null = null;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    if (problem !== null) {
      problem = foundLater(problem, line);
      continue;
    }
    problem = walk.take(line);
    const event = walk.last();
    if (problem === null && event !== null) onEvent(event);
  }
  if (problem === null && walk.last()?.type !== 'audit.exported') {
    const seq = walk.events() + 1;
    problem = { seq, problem: 'truncated', text: `The file ends after ${walk.events()} events, before the event that records this export.` };
  }
  return { ok: problem === null, events: walk.events(), head: walk.head(), checkpoints: 0, lastCheckpoint: null, firstBad: problem, anchor: anchorNotAsked, seconds: (performance.now() - started) / 1000 };
}

/**
 * Verifies an export and compares it with the warehouse's copy of the ledger that it comes from.
 *
 * Shape:  `open` gives the lines from the beginning each time. An export that is older than the newest anchor is `truncated`:
 *         from the file alone it cannot be told from one that was cut off.
 * Errors: what the warehouse throws.
 */
export async function verifyAnchoredExport(table: AuditTable, open: () => AsyncIterable<string>, signal: AbortSignal): Promise<ChainReport> {
  const first = await firstEvent(open());
  if (first === null) return verifyExport(open());
  const asked = await askWarehouse(table, first.lineage, true, signal);
  const hashes: string[] = [];
  const report = await verifyExport(open(), (event) => hashes.push(event.hash));
  const publicKey = first.data['publicKey'];
  const chain = { lineage: first.lineage, publicKey: typeof publicKey === 'string' ? publicKey : '', events: report.events, hashAt: async (seq: number) => hashes[seq - 1] ?? null };
  return addAnchor(report, asked, chain, 0);
}

async function firstEvent(lines: AsyncIterable<string>): Promise<AuditEvent | null> {
  for await (const line of lines) if (line.trim() !== '') return readEvent(line);
  return null;
}

/** A missing event that turns up further down was only moved. */
function foundLater(problem: ChainProblem, line: string): ChainProblem {
  if (problem.problem !== 'missing' || readEvent(line)?.seq !== problem.seq) return problem;
  return { ...problem, problem: 'reordered', text: `Event ${problem.seq} stands at another place.` };
}
