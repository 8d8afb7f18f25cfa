import type { Kind } from '../../../shared/domain/pending-change.ts';
import { AppFailure } from '../../core/app-failure.ts';

/** Writes where a page in order of kind, then key, has ended. */
export function writeKeyCursor(kind: Kind, key: string): string {
  return Buffer.from(JSON.stringify([kind, key]), 'utf8').toString('base64url');
}

/**
 * Reads what `writeKeyCursor` wrote.
 *
 * Errors: `invalid-input` for anything else; `pages` says what the pages are of.
 */
export function readKeyCursor(cursor: string, pages: string): [string, string] {
  try {
    const [kind, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    if (typeof kind === 'string' && typeof key === 'string') return [kind, key];
  } catch {
    // Falls through: anything that is not one of our cursors gets the same answer.
  }
  throw new AppFailure('invalid-input', `This cursor does not come from a page of ${pages}.`, { after: cursor });
}
