import type { AuditEvidence } from '../warehouse-ports.ts';
import { readAnchorPayload } from './audit-log-row.ts';
import type { ChainProblem } from './chain.ts';
import { isCheckpointSigned } from './checkpoint.ts';

/** A chain as it is compared with what the warehouse holds of it. */
export interface ComparedChain {
  lineage: string;
  /** Key of its first event. */
  publicKey: string;
  events: number;
  /** Null where there is no such event. */
  hashAt(seq: number): Promise<string | null>;
}

/**
 * Finds where a chain and the warehouse's copy of it tell different stories; null when they agree.
 *
 * Shape:  `forked`: another event stands at that place. `truncated`: the warehouse goes on where the chain ends. `signature`: the newest
 *         anchor was not signed by this ledger, so that it proves nothing. Each event holds the hash of the one before, so that
 *         the newest place that agrees vouches for all before it. The chain must be read after the evidence: what is written
 *         meanwhile is in the chain first.
 */
export async function compareEvidence(chain: ComparedChain, evidence: AuditEvidence): Promise<ChainProblem | null> {
  const { forks, last, anchor } = evidence;
  const [fork] = forks;
  if (fork !== undefined) return { seq: fork, problem: 'forked', text: `The warehouse holds two different events ${fork}: ledger.db was copied and written on in two places.` };
  const problem = last === null ? null : await compareAt(chain, last.seq, last.hash);
  if (problem !== null || anchor === null) return problem;
  const signed = readAnchorPayload(anchor.payload);
  const isOurs = signed !== null && signed.lineage === chain.lineage && signed.seq === anchor.seq && signed.head === anchor.head && isCheckpointSigned(chain.publicKey, chain.lineage, signed, signed.signature);
  if (!isOurs) return { seq: anchor.seq, problem: 'signature', text: `The anchor of event ${anchor.seq} in the warehouse is not signed by this ledger.` };
  return compareAt(chain, anchor.seq, anchor.head);
}

async function compareAt(chain: ComparedChain, seq: number, hash: string): Promise<ChainProblem | null> {
  if (seq > chain.events) return { seq: chain.events + 1, problem: 'truncated', text: `The warehouse holds event ${seq}, but the chain ends at event ${chain.events}.` };
  if ((await chain.hashAt(seq)) === hash) return null;
  return { seq, problem: 'forked', text: `Event ${seq} in the warehouse is another one than in the chain.` };
}
