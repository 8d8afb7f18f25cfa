import type { AuditEvent, AuditEventType } from '../../../shared/domain/audit-event.ts';
import { canonicalJson } from '../canonical.ts';
import { isSigned } from '../signature.ts';
import { isInstant, type ChainProblem } from './chain.ts';

/** Events after which a signed checkpoint is written, besides every hundredth. */
const checkpointTypes: ReadonlySet<AuditEventType> = new Set(['ledger.created', 'batch.approved', 'run.started', 'run.finished']);
const checkpointEvery = 100;

/** True when a signed checkpoint must stand at this event. */
export function needsCheckpoint(event: Pick<AuditEvent, 'seq' | 'type'>): boolean {
  return event.seq % checkpointEvery === 0 || checkpointTypes.has(event.type);
}

/** The head of a chain at one moment. */
export interface Checkpoint {
  seq: number;
  head: string;
  at: string;
}

/** What is signed of a checkpoint; the ledger's lineage is part of it. */
export function checkpointText(lineage: string, { seq, head, at }: Checkpoint): string {
  return canonicalJson({ lineage, seq, head, at });
}

/** True when the signature is that of this checkpoint. Shape and errors: as `isSigned`. */
export function isCheckpointSigned(publicKey: string, lineage: string, checkpoint: Checkpoint, signature: string): boolean {
  return isInstant(checkpoint.at) && isSigned(publicKey, checkpointText(lineage, checkpoint), signature);
}

/** The checkpoints of a chain, and what they are compared with. */
export interface CheckpointFacts {
  checkpoints: readonly (Checkpoint & { signature: string })[];
  /** Where a checkpoint must stand. */
  required: readonly number[];
  /** Events whose place and content hold. */
  verified: number;
  /** True when the walk stopped at a bad event. */
  broken: boolean;
  publicKey: string;
  lineage: string;
  /** Hash of an event that holds. */
  hashAt(seq: number): string | undefined;
}

/**
 * Finds the first checkpoint that is not signed, stands for another chain, is missing, or speaks of an event that is not there.
 *
 * Errors: never throws; null when all hold.
 */
export function checkCheckpoints({ checkpoints, required, verified, broken, publicKey, lineage, hashAt }: CheckpointFacts): ChainProblem | null {
  const found: ChainProblem[] = [];
  const inOrder = checkpoints.toSorted((one, other) => one.seq - other.seq);
  for (const [place, checkpoint] of inOrder.entries()) {
    const { seq, signature } = checkpoint;
    if (seq > verified) {
      if (!broken) found.push({ seq: verified + 1, problem: 'truncated', text: `A signed checkpoint stands at event ${seq}, but the chain ends at event ${verified}.` });
      break;
    }
    if (!isCheckpointSigned(publicKey, lineage, checkpoint, signature)) found.push({ seq: Math.max(1, seq), problem: 'signature', text: `The checkpoint at event ${seq} is not signed by this ledger.` });
    else if (hashAt(seq) !== checkpoint.head) found.push({ seq, problem: 'altered', text: `The chain up to event ${seq} is not the one that was signed there.` });
    else if (inOrder[place - 1]?.seq === seq) found.push({ seq, problem: 'signature', text: `There are several checkpoints at event ${seq}.` });
  }
  const present = new Set(checkpoints.map(({ seq }) => seq));
  const absent = required.find((seq) => !present.has(seq));
  if (absent !== undefined) found.push({ seq: absent, problem: 'signature', text: `The signed checkpoint at event ${absent} is missing.` });
  return found.toSorted((a, b) => a.seq - b.seq)[0] ?? null;
}
