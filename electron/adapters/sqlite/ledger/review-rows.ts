import type { Comment, ReviewMark } from '../../../../shared/domain/review.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import type { Ledger } from '../../../core/ledger-ports.ts';
import { makesWay, nextMark } from '../../../core/review/review-marks.ts';
import type { SqliteDatabase } from '../open-database.ts';
import type { AuditRows } from './audit-rows.ts';
import { withCache } from './decision-selection.ts';
import { lockLedger } from './step-rows.ts';

export interface ReviewRows {
  mark(input: Parameters<Ledger['mark']>[0]): ReviewMark;
  addComment(input: Parameters<Ledger['addComment']>[0]): Comment;
  comments(key: string, contentHash: string): Comment[];
}

/** Marks are numbered as they are set, so that a reader can ask for what is new since it looked last. */
const newestChange = '(SELECT COALESCE(MAX(change), 0) FROM review_mark)';

/** How far the review of each record has come, and what was said about it, in one ledger. */
export function createReviewRows(db: SqliteDatabase, place: { cacheFile: string; now(): string; audit: AuditRows }): ReviewRows {
  const { cacheFile, now, audit } = place;

  /** Runs a step on one pending record with its content. */
  const onPending = <T>({ key, kind }: { key: string; kind: string }, work: (contentHash: string) => T): T =>
    withCache(db, cacheFile, () =>
      db
        .transaction(() => {
          lockLedger(db);
          const contentHash = db.prepare('SELECT content_hash FROM cache.pending WHERE key = ? AND kind = ?').pluck().get(key, kind) as string | undefined;
          if (contentHash === undefined) throw new AppFailure('not-found', `The ${kind} of ${key} is not pending.`, { key, kind });
          return work(contentHash);
        })
        .deferred(),
    );

  return {
    mark: ({ item, mark, actor }) =>
      onPending(item, (contentHash) => {
        const { key, kind } = item;
        const standing = (db.prepare('SELECT mark FROM review_mark WHERE key = ? AND kind = ? AND content_hash = ?').pluck().get(key, kind, contentHash) ?? 'unseen') as ReviewMark;
        const next = nextMark(standing, mark);
        if (next !== standing) db.prepare(`INSERT OR REPLACE INTO review_mark (key, kind, content_hash, mark, actor, at, change) VALUES (?, ?, ?, ?, ?, ?, ${newestChange} + 1)`).run(key, kind, contentHash, next, actor, now());
        return next;
      }),
    addComment: ({ item: { key, kind }, text, actor }) =>
      onPending({ key, kind }, (contentHash) => {
        const [event] = audit.append([{ type: 'comment.added', actor, batchId: null, runId: null, keys: [key], data: { kind, contentHash, text } }]);
        if (event === undefined) throw new Error('A comment came without its event.');
        db.prepare('INSERT INTO comment (seq, key, kind, content_hash, actor, at, text) VALUES (?, ?, ?, ?, ?, ?, ?)').run(event.seq, key, kind, contentHash, actor, event.at, text);
        return { seq: event.seq, at: event.at, actor, text, isAboutThis: true };
      }),
    comments: (key, contentHash) =>
      (db.prepare('SELECT seq, at, actor, text, content_hash = ? AS about FROM comment WHERE key = ? ORDER BY seq').all(contentHash, key) as (Omit<Comment, 'isAboutThis'> & { about: number })[]).map(
        ({ about, ...comment }) => ({ ...comment, isAboutThis: about === 1 }),
      ),
  };
}

/** Marks what stands in `selected` as viewed, because it was decided by name. Runs inside the transaction of the decision. */
export function markDecided(db: SqliteDatabase, actor: string, at: string): void {
  db.prepare(
    `INSERT OR REPLACE INTO review_mark (key, kind, content_hash, mark, actor, at, change)
     SELECT s.key, s.kind, s.content_hash, 'viewed', ?, ?, ${newestChange} + ROW_NUMBER() OVER (ORDER BY s.kind, s.key)
     FROM selected s LEFT JOIN review_mark m ON m.key = s.key AND m.kind = s.kind AND m.content_hash = s.content_hash
     WHERE COALESCE(m.mark, 'unseen') IN (${makesWay.decided.map((mark) => `'${mark}'`).join(', ')})`,
  ).run(actor, at);
}
