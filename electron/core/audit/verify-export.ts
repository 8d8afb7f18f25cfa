import type { AuditEvent, ChainReport } from '../../../shared/domain/audit-event.ts';
import type { AuditTable } from '../warehouse-ports.ts';
import { readAnchorPayload, type SignedHead } from './audit-log-row.ts';
import { anchorNotAsked, createChainWalk, readEvent, type ChainProblem } from './chain.ts';
import { checkCheckpoints, needsCheckpoint } from './checkpoint.ts';
import { addAnchor, askWarehouse } from './verify-audit.ts';

export interface ExportedLog {
  /** Lines without their line feeds, from the beginning each time. */
  open(): AsyncIterable<string>;
  /** The checkpoints that were exported beside it; null where there are none to be had. */
  checkpoints: readonly SignedHead[] | null;
}

/**
 * Verifies an export of the audit log on its own, one event a line.
 *
 * Shape:  empty lines may stand at the end only. A complete export ends with the event of its own making. `onEvent` is told
 *         each event that holds.
 * Errors: never throws for a broken chain; that is what `firstBad` says. A file cut back to the end of an earlier export
 *         is that earlier export, and passes. Without checkpoints no signature is checked, which is a warning.
 */
export async function verifyExport({ open, checkpoints }: ExportedLog, onEvent: (event: AuditEvent) => void = () => {}): Promise<ChainReport> {
  const started = performance.now();
  const walk = createChainWalk();
  const signing = createSigningCheck(checkpoints);
  let problem: ChainProblem | null = null;
  let isAfterGap = false;
  for await (const line of open()) {
    if (line === '') {
      isAfterGap = true;
      continue;
    }
    if (problem !== null) {
      problem = foundLater(problem, line);
      continue;
    }
    problem = isAfterGap ? emptyLine(walk.events() + 1) : walk.take(line);
    const event = walk.last();
    if (problem !== null || event === null) continue;
    signing.take(event);
    onEvent(event);
  }
  const last = walk.last();
  if (problem === null && !(last?.type === 'audit.exported' && last.data['format'] === 'jsonl')) {
    const seq = walk.events() + 1;
    problem = { seq, problem: 'truncated', text: `The file ends after ${walk.events()} events, before the event that records this export.` };
  }
  const unsigned = signing.end(walk.events(), problem !== null);
  if (unsigned !== null && (problem === null || unsigned.seq < problem.seq)) problem = unsigned;
  const newest = checkpoints?.at(-1);
  return {
    ok: problem === null,
    events: walk.events(),
    head: walk.head(),
    checkpoints: checkpoints?.length ?? 0,
    lastCheckpoint: newest ? { seq: newest.seq, head: newest.head, at: newest.at } : null,
    firstBad: problem,
    anchor: anchorNotAsked,
    warnings: checkpoints === null ? [...walk.warnings(), 'No checkpoints were exported beside this file, so no signature was checked.'] : walk.warnings(),
    seconds: (performance.now() - started) / 1000,
  };
}

/**
 * Verifies an export and compares it with the warehouse's copy of the ledger that it comes from.
 *
 * Shape:  an export that is older than the newest anchor is `truncated`: from the file alone it cannot be told from one that
 *         was cut off.
 * Errors: what the warehouse throws.
 */
export async function verifyAnchoredExport(table: AuditTable, log: ExportedLog, signal: AbortSignal): Promise<ChainReport> {
  const first = await firstEvent(log.open());
  if (first === null) return verifyExport(log);
  const asked = await askWarehouse(table, first.lineage, true, signal);
  const evidence = 'evidence' in asked ? asked.evidence : null;
  const wanted = new Set([evidence?.last?.seq, evidence?.anchor?.seq]);
  const hashes = new Map<number, string>();
  const report = await verifyExport(log, ({ seq, hash }) => {
    if (wanted.has(seq)) hashes.set(seq, hash);
  });
  const publicKey = first.data['publicKey'];
  const chain = { lineage: first.lineage, publicKey: typeof publicKey === 'string' ? publicKey : '', events: report.events, hashAt: async (seq: number) => hashes.get(seq) ?? null };
  return addAnchor(report, asked, chain, { copied: 0, isRequired: true });
}

/** Reads the checkpoints exported beside a log. A line that is none becomes a checkpoint that nobody signed. */
export async function readCheckpointLines(lines: AsyncIterable<string>): Promise<SignedHead[]> {
  const checkpoints: SignedHead[] = [];
  for await (const line of lines) if (line !== '') checkpoints.push(readAnchorPayload(line) ?? nobodysCheckpoint);
  return checkpoints;
}

const nobodysCheckpoint: SignedHead = { lineage: '', publicKey: '', seq: 0, head: '', at: '', signature: '' };

/** Follows what the checkpoints speak of; each must be of the ledger and the key that the first event names. */
function createSigningCheck(checkpoints: readonly SignedHead[] | null): { take(event: AuditEvent): void; end(verified: number, broken: boolean): ChainProblem | null } {
  const wanted = new Set(checkpoints?.map(({ seq }) => seq));
  const hashes = new Map<number, string>();
  const required: number[] = [];
  let first: AuditEvent | null = null;
  return {
    take(event) {
      first ??= event;
      if (wanted.has(event.seq)) hashes.set(event.seq, event.hash);
      if (needsCheckpoint(event)) required.push(event.seq);
    },
    end(verified, broken) {
      if (checkpoints === null || first === null) return null;
      const { lineage, data } = first;
      const publicKey = typeof data['publicKey'] === 'string' ? data['publicKey'] : '';
      const ours = checkpoints.map((checkpoint) => (checkpoint.lineage === lineage && checkpoint.publicKey === publicKey ? checkpoint : { ...checkpoint, signature: '' }));
      return checkCheckpoints({ checkpoints: ours, required, verified, broken, publicKey, lineage, hashAt: (seq) => hashes.get(seq) });
    },
  };
}

async function firstEvent(lines: AsyncIterable<string>): Promise<AuditEvent | null> {
  for await (const line of lines) return readEvent(line);
  return null;
}

function emptyLine(seq: number): ChainProblem {
  return { seq, problem: 'altered', text: `An empty line stands before event ${seq}.` };
}

/** A missing event that turns up further down was only moved. */
function foundLater(problem: ChainProblem, line: string): ChainProblem {
  if (problem.problem !== 'missing' || readEvent(line)?.seq !== problem.seq) return problem;
  return { ...problem, problem: 'reordered', text: `Event ${problem.seq} stands at another place.` };
}
