import type { AuditEvent, ChainReport } from '../../../../shared/domain/audit-event.ts';
import { anchorNotAsked, createChainWalk, type ChainProblem } from '../../../core/audit/chain.ts';
import { checkCheckpoints, needsCheckpoint, type Checkpoint } from '../../../core/audit/checkpoint.ts';
import type { SqliteDatabase } from '../open-database.ts';

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
 *         bytes, the records under which an event is found, and every signed checkpoint: its signature, its head, and that
 *         it stands where one must stand.
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
  const filing = createFilingCheck(db);
  let misfiled: ChainProblem | null = null;
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
    misfiled ??= filing.take(event);
    if (needsCheckpoint(event)) required.push(event.seq);
  }
  misfiled ??= filing.end(walk.events(), problem !== null);
  if (!problem && walk.events() === 0) problem = { seq: 1, problem: 'truncated', text: 'The chain has no events.' };

  const checkpoints = db.prepare('SELECT seq, head, at, signature FROM checkpoint ORDER BY seq').all() as (Checkpoint & { signature: string })[];
  const hashAt = db.prepare('SELECT hash FROM audit_event WHERE seq = ?').pluck();
  const bad = checkCheckpoints({
    checkpoints, required, verified: walk.events(), broken: problem !== null, publicKey: typeof publicKey === 'string' ? publicKey : '', lineage: meta.get('lineage') ?? '',
    hashAt: (seq) => hashAt.get(seq) as string | undefined,
  });
  if (bad && (!problem || bad.seq < problem.seq)) problem = bad;
  problem ??= misfiled;
  const lastCheckpoint = checkpoints.at(-1);
  return {
    ok: problem === null,
    events: walk.events(),
    head: walk.head(),
    checkpoints: checkpoints.length,
    lastCheckpoint: lastCheckpoint ? { seq: lastCheckpoint.seq, head: lastCheckpoint.head, at: lastCheckpoint.at } : null,
    firstBad: problem,
    anchor: anchorNotAsked,
    warnings: walk.warnings(),
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

/**
 * Compares the records under which events are found with those that they speak of.
 *
 * Shape:  a decision on more records than an event names is found by all of them: by as many as it counts, the named ones among them.
 */
function createFilingCheck(db: SqliteDatabase): { take(event: AuditEvent): ChainProblem | null; end(verified: number, broken: boolean): ChainProblem | null } {
  const isFiled = db.prepare('SELECT 1 FROM audit_event_key WHERE key = ? AND seq = ?').pluck();
  const countOf = db.prepare('SELECT COUNT(*) FROM audit_event_key WHERE seq = ?').pluck();
  let keys = 0;
  return {
    take({ seq, keys: named, data }) {
      const distinct = new Set(named);
      keys += distinct.size;
      if (namesOnlySome(data, distinct.size)) keys += Math.min(Number(countOf.get(seq)), Number(data['count'])) - distinct.size;
      return [...distinct].every((key) => isFiled.get(key, seq) === 1) ? null : { seq, problem: 'altered', text: `Event ${seq} is not found by all the records that it speaks of.` };
    },
    /** As all that must be there is there, more can only be too much. */
    end(verified, broken) {
      const filed = db.prepare('SELECT COUNT(*) FROM audit_event_key WHERE seq <= ?').pluck().get(broken ? verified : Number.MAX_SAFE_INTEGER);
      return filed === keys ? null : { seq: firstMisfiled(db), problem: 'altered', text: 'An event is filed under a record that it does not speak of.' };
    },
  };
}

/** True for an event that gives a digest of its records in place of all their keys. */
function namesOnlySome(data: AuditEvent['data'], named: number): boolean {
  return typeof data['digest'] === 'string' && typeof data['count'] === 'number' && data['count'] > named;
}

function firstMisfiled(db: SqliteDatabase): number {
  const found = db.prepare(`
    SELECT MIN(k.seq) FROM audit_event_key k LEFT JOIN audit_event e ON e.seq = k.seq
    WHERE e.seq IS NULL OR e.bytes ->> '$.data.digest' IS NULL AND NOT EXISTS (SELECT 1 FROM json_each(e.bytes, '$.keys') named WHERE named.value = k.key)`);
  return (found.pluck().get() as number | null) ?? 1;
}
