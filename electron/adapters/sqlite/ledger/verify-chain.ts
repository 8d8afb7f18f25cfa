import type { AuditEvent, ChainReport } from '../../../../shared/domain/audit-event.ts';
import { anchorNotAsked, createChainWalk, type ChainProblem } from '../../../core/audit/chain.ts';
import { isCheckpointSigned, type Checkpoint } from '../../../core/audit/checkpoint.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { needsCheckpoint } from './audit-rows.ts';

interface EventRow {
  seq: number;
  bytes: string;
  hash: string;
  id: string;
  type: string;
  actor: string;
  batch_id: string | null;
  run_id: string | null;
}

/**
 * Reads the whole chain again from its stored bytes and says where it breaks first.
 *
 * Shape:  checks every event's form, hash, lineage, place and predecessor, the columns that are searched against the
 *         bytes, and every signed checkpoint: its signature, its head, and that it stands where one must stand.
 * Errors: never throws for a broken chain; that is what `firstBad` says. A cut-off tail shows as `truncated` when a
 *         checkpoint speaks of an event that is no longer there; without a copy of the head elsewhere a tail cut off
 *         together with its checkpoints cannot be found.
 */
export function verifyChain(db: SqliteDatabase): ChainReport {
  const started = performance.now();
  const walk = createChainWalk();
  const required: number[] = [];
  const meta = new Map((db.prepare('SELECT name, value FROM meta').all() as { name: string; value: string }[]).map(({ name, value }) => [name, value]));
  let problem: ChainProblem | null = null;
  let publicKey: unknown = null;
  for (const row of db.prepare('SELECT seq, bytes, hash, id, type, actor, batch_id, run_id FROM audit_event ORDER BY seq').iterate() as IterableIterator<EventRow>) {
    problem = walk.take(row.bytes);
    if (problem?.problem === 'missing' && isElsewhere(db, problem.seq)) problem = { ...problem, problem: 'reordered', text: `Event ${problem.seq} stands at another place.` };
    const event = walk.last();
    if (problem || !event) break;
    problem = checkColumns(row, event);
    if (event.seq === 1) {
      publicKey = event.data['publicKey'];
      if (event.lineage !== meta.get('lineage')) problem = { seq: 1, problem: 'foreign', text: 'The chain belongs to another ledger.' };
      else if (publicKey !== meta.get('public_key')) problem = { seq: 1, problem: 'signature', text: 'The key of this ledger is not the one its chain began with.' };
    }
    if (problem) break;
    if (needsCheckpoint(event)) required.push(event.seq);
  }
  if (!problem && walk.events() === 0) problem = { seq: 1, problem: 'truncated', text: 'The chain has no events.' };

  const checkpoints = db.prepare('SELECT seq, head, at, signature FROM checkpoint ORDER BY seq').all() as (Checkpoint & { signature: string })[];
  const bad = checkCheckpoints(db, { checkpoints, required, verified: walk.events(), broken: problem !== null, publicKey: typeof publicKey === 'string' ? publicKey : '', lineage: meta.get('lineage') ?? '' });
  if (bad && (!problem || bad.seq < problem.seq)) problem = bad;
  const lastCheckpoint = checkpoints.at(-1);
  return {
    ok: problem === null,
    events: walk.events(),
    head: walk.head(),
    checkpoints: checkpoints.length,
    lastCheckpoint: lastCheckpoint ? { seq: lastCheckpoint.seq, head: lastCheckpoint.head, at: lastCheckpoint.at } : null,
    firstBad: problem,
    anchor: anchorNotAsked,
    seconds: (performance.now() - started) / 1000,
  };
}

/** What is searched must be what the event states. */
function checkColumns(row: EventRow, event: AuditEvent): ChainProblem | null {
  const { seq, hash, id, type, actor, batchId, runId } = event;
  const isFiledRight = row.seq === seq && row.hash === hash && row.id === id && row.type === type && row.actor === actor && row.batch_id === batchId && row.run_id === runId;
  return isFiledRight ? null : { seq, problem: 'altered', text: `Event ${seq} is filed under other facts than it states.` };
}

function isElsewhere(db: SqliteDatabase, seq: number): boolean {
  return db.prepare(`SELECT 1 FROM audit_event WHERE json_valid(bytes) AND json_extract(bytes, '$.seq') = ?`).get(seq) !== undefined;
}

interface CheckpointFacts {
  checkpoints: readonly (Checkpoint & { signature: string })[];
  /** Where a checkpoint must stand. */
  required: readonly number[];
  /** Events whose place and content hold. */
  verified: number;
  /** True when the walk stopped at a bad event. */
  broken: boolean;
  publicKey: string;
  lineage: string;
}

function checkCheckpoints(db: SqliteDatabase, { checkpoints, required, verified, broken, publicKey, lineage }: CheckpointFacts): ChainProblem | null {
  const found: ChainProblem[] = [];
  for (const checkpoint of checkpoints) {
    const { seq, signature } = checkpoint;
    if (seq > verified) {
      if (!broken) found.push({ seq: verified + 1, problem: 'truncated', text: `A signed checkpoint stands at event ${seq}, but the chain ends at event ${verified}.` });
      break;
    }
    if (!isCheckpointSigned(publicKey, lineage, checkpoint, signature)) found.push({ seq, problem: 'signature', text: `The checkpoint at event ${seq} is not signed by this ledger.` });
    else if (db.prepare('SELECT hash FROM audit_event WHERE seq = ?').pluck().get(seq) !== checkpoint.head) {
      found.push({ seq, problem: 'altered', text: `The chain up to event ${seq} is not the one that was signed there.` });
    }
  }
  const present = new Set(checkpoints.map(({ seq }) => seq));
  const absent = required.find((seq) => !present.has(seq));
  if (absent !== undefined) found.push({ seq: absent, problem: 'signature', text: `The signed checkpoint at event ${absent} is missing.` });
  return found.sort((a, b) => a.seq - b.seq)[0] ?? null;
}
