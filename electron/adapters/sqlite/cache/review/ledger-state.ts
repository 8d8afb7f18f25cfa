import { decisionStates, type DecisionState } from '../../../../../shared/domain/pending-change.ts';
import { reviewMarks, type ReviewMark } from '../../../../../shared/domain/review.ts';
import { hasBit } from '../../position-bits.ts';
import type { ReadableCache } from '../cache-file.ts';
import type { Mask } from './masks.ts';
import type { ReviewIndex } from './review-index.ts';

/** What the ledger says of the pending changes of one snapshot. */
export interface LedgerState {
  /** Grows whenever something is different. */
  version: number;
  /** The newest decision step that is taken into account; 0 when there is none. */
  seenStep: number;
  /** Place in `decisionStates` of the decision in force. */
  decision: Uint8Array;
  /** The same of a decision on older content. */
  fallen: Uint8Array;
  /** Place in `reviewMarks`. */
  mark: Uint8Array;
  commented: Mask;
  /** An approval whose rows are still being written. */
  bulk: BulkApproval | null;
  /** By field, the records in which a decision leaves it out. */
  without: ReadonlyMap<string, Mask>;
}

/** An approval of very many records: all of them are approved, whether the ledger has their rows yet or not. */
export interface BulkApproval {
  undoId: string;
  reason: string | null;
  actor: string;
  at: string;
  /** Positions of its records, as `hasBit` reads them. */
  bits: Uint8Array;
}

interface DecisionRow {
  position: number;
  decision: DecisionState | null;
  isInForce: number;
}

const approved = decisionStates.indexOf('approve');

/** Follows the ledger. */
export interface LedgerReader {
  /** The state as of the transaction that the connection is in. */
  read(): LedgerState;
}

/**
 * Reads the ledger's word on every record once, and from then on only what has been written since.
 *
 * Shape:  whatever changes a decision adds a step with its records, a mark carries a number that grows, a comment too. Where
 *         one of these numbers has become smaller, the file is another one, and everything is read anew; so it is with a ledger
 *         of an older version, whose marks have no number, and where rows were written under a step that was read already.
 */
export function createLedgerReader({ db, ledger, attached }: ReadableCache, index: ReviewIndex): LedgerReader {
  const newest = db.prepare(`SELECT
    (SELECT COALESCE(MAX(position), 0) FROM ${ledger}.decision_step) AS step,
    (SELECT COALESCE(MAX(change), 0) FROM ${ledger}.review_mark) AS mark,
    (SELECT COALESCE(MAX(seq), 0) FROM ${ledger}.comment) AS comment`);
  const decided = `d.decision, d.content_hash = p.content_hash AS isInForce`;
  const allDecisions = db.prepare(`SELECT p.position, ${decided} FROM ${ledger}.decision d CROSS JOIN pending p ON p.key = d.key AND p.kind = d.kind`);
  const newDecisions = db.prepare(`
    SELECT p.position, ${decided} FROM ${ledger}.decision_step s CROSS JOIN ${ledger}.decision_undo u ON u.undo_id = s.undo_id
      CROSS JOIN pending p ON p.key = u.key AND p.kind = u.kind LEFT JOIN ${ledger}.decision d ON d.key = u.key AND d.kind = u.kind
    WHERE s.position > ?`);
  const newMarks = db.prepare(`
    SELECT p.position, v.mark, v.content_hash = p.content_hash AS isInForce FROM ${ledger}.review_mark v CROSS JOIN pending p ON p.key = v.key AND p.kind = v.kind WHERE v.change > ?`);
  const newComments = db.prepare(`SELECT p.position FROM ${ledger}.comment c CROSS JOIN pending p ON p.key = c.key AND p.kind = c.kind WHERE c.seq > ?`).pluck();
  const hasNewExclusions = db.prepare(`SELECT EXISTS (SELECT 1 FROM ${ledger}.decision_step s CROSS JOIN ${ledger}.field_exclusion_undo u ON u.undo_id = s.undo_id WHERE s.position > ?)`).pluck();
  const exclusions = db.prepare(`
    SELECT p.position, x.field FROM ${ledger}.field_exclusion x CROSS JOIN pending p ON p.key = x.key AND p.kind = x.kind AND p.content_hash = x.content_hash`);

  const bulkOf = db.prepare(`SELECT undo_id AS undoId, snapshot_id AS snapshotId, reason, actor, at, bits FROM ${ledger}.bulk_approval`);
  const snapshotId = db.prepare(`SELECT facts ->> '$.id' FROM snapshot`).pluck().get();

  /** True while rows are written for another snapshot than the one that this reader knows. */
  let missesRows = false;
  let seen = { step: -1, mark: -1, comment: -1 };
  let dataVersion = -1;
  let state = blankState(index.count, 0);

  const applyDecisions = (rows: Iterable<DecisionRow>): void => {
    for (const { position, decision, isInForce } of rows) {
      const place = index.placeOf[position] as number;
      const number = decisionStates.indexOf(decision ?? 'none');
      state.decision[place] = isInForce === 1 ? number : 0;
      state.fallen[place] = isInForce === 1 ? 0 : number;
    }
  };
  const readBulk = (): void => {
    const found = bulkOf.get() as (BulkApproval & { snapshotId: string }) | undefined;
    const isKnown = found !== undefined && found.undoId === state.bulk?.undoId;
    missesRows = found !== undefined && found.snapshotId !== snapshotId;
    state.bulk = found === undefined || missesRows ? null : found;
    if (state.bulk === null || isKnown) return;
    for (let place = 0; place < index.count; place += 1) {
      if (!hasBit(state.bulk.bits, index.position[place] as number)) continue;
      state.decision[place] = approved;
      state.fallen[place] = 0;
    }
  };
  const readExclusions = (): void => {
    const without = new Map<string, Mask>();
    for (const { position, field } of exclusions.iterate() as IterableIterator<{ position: number; field: string }>) {
      const mask = without.get(field) ?? new Uint8Array(index.count);
      mask[index.placeOf[position] as number] = 1;
      without.set(field, mask);
    }
    state.without = without;
  };

  return {
    read() {
      const version = attached === null ? 0 : (db.pragma(`${attached}.data_version`, { simple: true }) as number);
      if (version === dataVersion) return state;
      const now = newest.get() as typeof seen;
      const isFirst = now.step < seen.step || now.mark < seen.mark || now.comment < seen.comment || dataVersion === -1 || missesRows || ledger === 'temp';
      if (isFirst) {
        state = blankState(index.count, state.version);
        seen = { step: 0, mark: -1, comment: 0 };
        applyDecisions(allDecisions.iterate() as IterableIterator<DecisionRow>);
        readExclusions();
      } else if (now.step > seen.step) {
        applyDecisions(newDecisions.iterate(seen.step) as IterableIterator<DecisionRow>);
        if (hasNewExclusions.get(seen.step) === 1) readExclusions();
      }
      if (isFirst || now.step > seen.step || state.bulk !== null) readBulk();
      for (const { position, mark, isInForce } of newMarks.iterate(seen.mark) as IterableIterator<{ position: number; mark: ReviewMark; isInForce: number }>) {
        state.mark[index.placeOf[position] as number] = isInForce === 1 ? reviewMarks.indexOf(mark) : 0;
      }
      for (const position of newComments.iterate(seen.comment) as IterableIterator<number>) state.commented[index.placeOf[position] as number] = 1;
      if (isFirst || now.step !== seen.step || now.mark !== seen.mark || now.comment !== seen.comment) state = { ...state, version: state.version + 1 };
      state.seenStep = now.step;
      seen = now;
      dataVersion = version;
      return state;
    },
  };
}

function blankState(count: number, version: number): LedgerState {
  const column = (): Uint8Array => new Uint8Array(count);
  return { version, seenStep: 0, decision: column(), fallen: column(), mark: column(), commented: column(), bulk: null, without: new Map() };
}
