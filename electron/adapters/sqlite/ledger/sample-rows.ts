import { formatFilter } from '../../../../shared/domain/filter.ts';
import type { SavedView } from '../../../../shared/domain/review.ts';
import { AppFailure, refusal } from '../../../core/app-failure.ts';
import type { Ledger, StoredSample } from '../../../core/ledger-ports.ts';
import { readFilter } from '../cache/review/field-terms.ts';
import type { SqliteDatabase } from '../open-database.ts';
import type { AuditRows } from './audit-rows.ts';

export interface SampleRows {
  newest(filter: string): StoredSample | null;
  draw(input: Parameters<Ledger['drawSample']>[0]): StoredSample;
}

/**
 * Random draws in one ledger.
 *
 * Shape:  draws from one filter have one seed, however the filter is spelled: a larger draw goes on where the smaller one ended, and
 *         nobody can draw anew until the records suit. Must run inside a transaction.
 * Errors: `invalid-input` for a filter that cannot be read; `refused` (`nothing-to-do`) for a draw that is no larger than the last.
 */
export function createSampleRows(db: SqliteDatabase, place: { now(): string; audit: AuditRows; nextNumber(of: 'sample'): number }): SampleRows {
  const newest = (filter: string): StoredSample | null =>
    (db.prepare('SELECT id, filter, seed, size, actor AS by, at FROM sample WHERE filter = ? ORDER BY position DESC LIMIT 1').get(formatFilter(readFilter(filter))) as StoredSample | undefined) ?? null;
  return {
    newest,
    draw({ filter: asked, size, seed, snapshotId, actor }) {
      const filter = formatFilter(readFilter(asked));
      const last = newest(filter);
      if (last !== null && last.size >= size) throw refusal('nothing-to-do', `${last.size} records were drawn from this filter already. Draw more than that.`, { id: last.id, size: last.size });
      const id = `D-${place.nextNumber('sample')}`;
      const drawn: StoredSample = { id, filter, seed: last?.seed ?? seed, size, by: actor, at: place.now() };
      db.prepare('INSERT INTO sample (id, filter, seed, size, snapshot_id, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?)').run(id, filter, drawn.seed, size, snapshotId, actor, drawn.at);
      place.audit.append([{ type: 'sample.drawn', actor, batchId: null, runId: null, keys: [], data: { id, filter, size, seed: drawn.seed, snapshotId, goesOnFrom: last?.id ?? null } }]);
      return drawn;
    },
  };
}

export interface ViewRows {
  /** In order of their names. */
  all(): SavedView[];
  save(input: Parameters<Ledger['saveView']>[0]): SavedView;
  remove(input: Parameters<Ledger['deleteView']>[0]): void;
}

/** An address of the review screen within the app: no host, no scheme, nothing that a browser would read as one. */
const reviewAddress = /^\/review(?:[/?#][\x21-\x5b\x5d-\x7e]*)?$/u;

/**
 * Addresses of the review under names, in one ledger. Must run inside a transaction.
 *
 * Errors: `invalid-input` for an address of anything else; `not-found` for an unknown name.
 */
export function createViewRows(db: SqliteDatabase, place: { now(): string; audit: AuditRows }): ViewRows {
  const event = (type: 'view.saved' | 'view.deleted', actor: string, data: Record<string, string>) => place.audit.append([{ type, actor, batchId: null, runId: null, keys: [], data }]);
  return {
    all: () => db.prepare('SELECT name, address, actor AS by, at FROM saved_view ORDER BY name').all() as SavedView[],
    save({ name, address, actor }) {
      if (!reviewAddress.test(address)) throw new AppFailure('invalid-input', 'A saved view is an address of the review screen, which begins with /review.', { address });
      const at = place.now();
      db.prepare('INSERT OR REPLACE INTO saved_view (name, address, actor, at) VALUES (?, ?, ?, ?)').run(name, address, actor, at);
      event('view.saved', actor, { name, address });
      return { name, address, by: actor, at };
    },
    remove({ name, actor }) {
      const address = db.prepare('DELETE FROM saved_view WHERE name = ? RETURNING address').pluck().get(name) as string | undefined;
      if (address === undefined) throw new AppFailure('not-found', `There is no saved view "${name}". Somebody may have deleted it already.`, { name });
      event('view.deleted', actor, { name, address });
    },
  };
}
