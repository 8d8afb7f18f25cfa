import { createHash } from 'node:crypto';
import type { CallOutput } from '../../../../shared/contract.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import type { Ledger } from '../../../core/ledger-ports.ts';
import type { Chosen } from '../../../core/ports.ts';
import { readBytes, readNumbers } from '../cache/review/column-parts.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { clearBit, hasBit, positionsOf } from '../position-bits.ts';
import type { AuditRows } from './audit-rows.ts';
import { writeDecided } from './decided-rows.ts';
import { clearSelected, describeSelection, inWords, keysInEvent, nothingToDecide, recordsOf, refuseOtherNumber, refuseOutdated, selectPositions, snapshotOf, withCache } from './decision-selection.ts';
import { lockLedger, type AddStep } from './step-rows.ts';

type DecideInput = Parameters<Ledger['decide']>[0];

/** An approval of more records than this is durable before its rows are written. */
export const mostAtOnce = 20_000;

const recordsInPart = 20_000;

/** Approvals of so many records that their rows are written in parts. */
export interface BulkApprovals {
  /** Approves the records of a filter. Runs inside the transaction of the decision, with the cache attached. */
  add(input: DecideInput, chosen: Chosen): CallOutput<'pending.decide'>;
  /** Writes the next rows; answers whether some are left. */
  writePart(): boolean;
  /**
   * Does a step that needs all rows. It runs in a transaction of its own, with the ledger locked; `begin` is what opens it, with
   * what the step needs around it.
   */
  afterAll<T>(begin: (locked: (step: () => T) => T | null) => T | null): T;
  /** The event of an approval that `audit_event_key` does not name a record for yet. */
  seqOf(key: string): number | null;
}

interface Bulk {
  undo_id: string;
  seq: number;
  snapshot_id: string;
  reason: string | null;
  actor: string;
  at: string;
  total: number;
  written: number;
  last_position: number;
  bits: Buffer;
}

/**
 * Approves any number of records in one short step.
 *
 * Shape:  the step, its event and the positions of its records in the snapshot as bits are durable at once, and count from then on;
 *         the rows follow in parts, also after the process was killed. There is at most one such approval: whatever else decides
 *         waits for its rows. Where the snapshot is another one before all rows are there, the rest is given up, with an event:
 *         those records are undecided again, which is never more than was approved.
 */
export function createBulkApprovals(db: SqliteDatabase, place: { cacheFile: string; audit: AuditRows; addStep: AddStep }): BulkApprovals {
  const { cacheFile, audit, addStep } = place;
  const standing = (): Bulk | undefined => db.prepare('SELECT * FROM bulk_approval').get() as Bulk | undefined;

  const giveUp = (bulk: Bulk): void => {
    const label = `Gave up: Approved ${recordsOf(bulk.total)} (${inWords(bulk.total - bulk.written)} of ${inWords(bulk.total)}: their snapshot is gone)`;
    const { undoId } = addStep(label, bulk.actor);
    db.prepare('UPDATE decision_step SET undone = 1 WHERE undo_id = ?').run(undoId);
    audit.append([{ type: 'decision.undone', actor: 'countersign', batchId: null, runId: null, keys: [], data: { undone: bulk.undo_id, undoId, label, count: bulk.total - bulk.written, of: bulk.total } }]);
    db.exec('DELETE FROM bulk_approval');
  };

  /** Writes the next part of the approval that stands, where the snapshot is still its own. */
  const writeNext = (bulk: Bulk): void => {
    if (snapshotOf(db) !== bulk.snapshot_id) return giveUp(bulk);
    const [positions = []] = positionsOf(bulk.bits, { after: bulk.last_position, atMost: recordsInPart });
    clearSelected(db);
    selectPositions(db, positions);
    writeDecided(db, { decision: 'approve', reason: bulk.reason, actor: bulk.actor, at: bulk.at, undoId: bulk.undo_id, seq: bulk.seq });
    if (bulk.written + positions.length < bulk.total) db.prepare('UPDATE bulk_approval SET written = written + ?, last_position = ?').run(positions.length, positions.at(-1));
    else db.exec('DELETE FROM bulk_approval');
  };

  const writePart = (): boolean => {
    if (standing() === undefined) return false;
    try {
      withCache(db, cacheFile, () => db.transaction(() => {
        lockLedger(db);
        const bulk = standing();
        if (bulk !== undefined) writeNext(bulk);
      }).deferred());
    } catch (error) {
      if (!isWithoutSnapshot(error)) throw error;
      db.transaction(() => {
        const bulk = standing();
        if (bulk !== undefined) giveUp(bulk);
      }).immediate();
    }
    return standing() !== undefined;
  };

  return {
    add(input, chosen) {
      refuseOutdated(db, chosen);
      const { bits, found, blocked, count, digest, keys } = describeChosen(db, chosen.bits);
      refuseOtherNumber(found, input.expect);
      if (count === 0) throw nothingToDecide(blocked);
      const { reason, actor, selection } = input;
      const label = `Approved ${recordsOf(count)}`;
      const { undoId, at } = addStep(label, actor);
      const [event] = audit.append([
        { type: 'decision.made', actor, batchId: null, runId: null, keys, data: { decision: 'approve', reason, undoId, label, count, blocked, digest, ...describeSelection(selection) } },
      ]);
      db.prepare('INSERT INTO bulk_approval (undo_id, seq, snapshot_id, reason, actor, at, total, bits) VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(undoId, event?.seq, chosen.snapshotId, reason, actor, at, count, bits);
      return { decided: count, blocked, undoId, label };
    },
    writePart,
    afterAll(begin) {
      for (;;) {
        while (writePart());
        // Another process may have approved as many in between.
        const done = begin((step) => {
          lockLedger(db);
          return standing() === undefined ? step() : null;
        });
        if (done !== null) return done;
      }
    },
    seqOf(key) {
      const bulk = standing();
      if (bulk === undefined) return null;
      try {
        return withCache(db, cacheFile, () => {
          const positions = db.prepare('SELECT position FROM cache.pending WHERE key = ?').pluck().all(key) as number[];
          return snapshotOf(db) === bulk.snapshot_id && positions.some((position) => hasBit(bulk.bits, position)) ? bulk.seq : null;
        });
      } catch (error) {
        if (isWithoutSnapshot(error)) return null;
        throw error;
      }
    },
  };
}

/** Leaves out what a check blocks, and describes the rest as `describeKeys` does, from the columns of the attached cache. */
function describeChosen(db: SqliteDatabase, chosen: Uint8Array): { bits: Uint8Array; found: number; blocked: number; count: number; digest: string; keys: string[] } {
  const positions = readNumbers(db, 'position');
  const ends = readNumbers(db, 'identity_end');
  const identities = readBytes(db, 'identity');
  const classes = readNumbers(db, 'class');
  const isBlocked = (db.prepare('SELECT facts ->> 6 FROM review_class ORDER BY id').pluck().all() as number[]).map((blocked) => blocked === 1);
  const bits = chosen.slice();
  const hash = createHash('sha256');
  const keys = new Set<string>();
  let found = 0;
  let blocked = 0;
  /** Where the identities begin that are not hashed yet: neighbours are hashed together. */
  let from = 0;
  for (let place = 0; place < positions.length; place += 1) {
    const position = positions[place] as number;
    const start = place === 0 ? 0 : (ends[place - 1] as number);
    const end = ends[place] as number;
    const isFound = hasBit(chosen, position);
    const isLeftOut = !isFound || isBlocked[classes[place] as number] === true;
    if (isFound) found += 1;
    if (isLeftOut) {
      hash.update(identities.subarray(from, start));
      from = end;
    }
    if (isFound && isLeftOut) {
      blocked += 1;
      clearBit(bits, position);
    }
    if (!isLeftOut && keys.size < keysInEvent) keys.add(identities.toString('utf8', identities.indexOf(0, start) + 1, end - 1));
  }
  hash.update(identities.subarray(from));
  return { bits, found, blocked, count: found - blocked, digest: hash.digest('hex'), keys: [...keys] };
}

function isWithoutSnapshot(error: unknown): boolean {
  return error instanceof AppFailure && error.error.details['rule'] === 'no-snapshot';
}
