import { createHash } from 'node:crypto';
import type { SqliteDatabase } from '../../electron/adapters/sqlite/open-database.ts';

/**
 * Gives SQLite the functions of a warehouse that the app's own statements use, besides those of the views.
 *
 * Shape:  instants are texts of fixed width already, so that `date_format` hands them on; the hash has 40 bits, so that a sum
 *         of many stays within SQLite's integers.
 */
export function addWarehouseFunctions(db: SqliteDatabase, session: () => { user: string; timeZone: string }): void {
  db.function('date_format', { deterministic: true }, (instant, pattern) => {
    if (pattern !== 'yyyy-MM-dd HH:mm:ss.SSSSSS') throw new Error(`[INVALID_PARAMETER_VALUE] The stand-in knows no pattern ${String(pattern)}.`);
    return instant;
  });
  db.function('xxhash64', { deterministic: true }, (text) => Number.parseInt(createHash('sha256').update(String(text)).digest('hex').slice(0, 10), 16));
  db.function('current_user', () => session().user);
  db.function('current_timezone', () => session().timeZone);
}
