import { join } from 'node:path';
import { AppFailure } from '../../core/app-failure.ts';
import { openDatabase, type SqliteDatabase } from './open-database.ts';

const waitMs = 2_000;

/**
 * Takes the write lock of a workspace.
 *
 * Shape:  an exclusive SQLite transaction on `lock.db` that stays open; the kernel frees it when the process dies.
 * Errors: `workspace-busy` when another process still holds it after about two seconds.
 */
export function acquireWorkspaceLock(folder: string): { release(): void } {
  let db: SqliteDatabase | null = null;
  try {
    db = openDatabase(join(folder, 'lock.db'), { durability: 'off', busyTimeoutMs: waitMs });
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) {
      throw new AppFailure('workspace-busy', 'Another program is writing to this workspace. Wait until it is done, or close it, and try again.', { folder });
    }
    throw error;
  }
  const held = db;
  const release = (): void => {
    process.off('exit', release);
    if (!held.open) return;
    held.exec('ROLLBACK');
    held.close();
  };
  // Also keeps the connection referenced: one that is collected as garbage would let the lock go unnoticed.
  process.on('exit', release);
  return { release };
}
