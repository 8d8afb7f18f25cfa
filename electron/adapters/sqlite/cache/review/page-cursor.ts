import * as z from 'zod';
import { AppFailure } from '../../../../core/app-failure.ts';
import type { SortOrder } from './orders.ts';

const cursorSchema = z.tuple([z.string(), z.boolean(), z.string(), z.number().int().nonnegative(), z.number().int().nonnegative()]);

/** Where a page ended: the rank that its last record had then, and its place in the order of keys. */
export interface PageEnd {
  rank: number;
  keyPlace: number;
}

/** Which list a cursor belongs to. */
export interface CursorList {
  sort: SortOrder;
  descending: boolean;
  snapshotId: string;
}

/** Writes where a page ended, so that the next one begins there even when that record has left the list. */
export function writePageCursor({ sort, descending, snapshotId }: CursorList, { rank, keyPlace }: PageEnd): string {
  return Buffer.from(JSON.stringify([sort, descending, snapshotId, rank, keyPlace]), 'utf8').toString('base64url');
}

/**
 * Reads what `writePageCursor` wrote.
 *
 * Errors: throws `invalid-input` for a text that is no cursor of this order, or one of another snapshot, whose places mean nothing here.
 */
export function readPageCursor(cursor: string, { sort, descending, snapshotId }: CursorList): PageEnd {
  const [ofSort, ofDescending, ofSnapshot, rank, keyPlace] = parseCursor(cursor);
  if (ofSort !== sort || ofDescending !== descending) throw notACursor();
  if (ofSnapshot !== snapshotId) throw new AppFailure('invalid-input', 'The snapshot was refreshed since the cursor was given. Start again without it.');
  return { rank, keyPlace };
}

function parseCursor(cursor: string): z.output<typeof cursorSchema> {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    // No JSON, or another one: whatever it is, it is no cursor of ours.
    throw notACursor();
  }
}

function notACursor(): AppFailure {
  return new AppFailure('invalid-input', 'The cursor does not belong to this order. Start again without it.');
}
