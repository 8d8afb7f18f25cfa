import Database from 'better-sqlite3';

export type SqliteDatabase = Database.Database;
export type SqliteStatement = Database.Statement;

export interface OpenDatabaseOptions {
  readonly?: boolean;
  /** `full`: every acknowledged commit survives power loss. `normal`: a rebuildable file. `off`: scratch. */
  durability: 'full' | 'normal' | 'off';
  /** How long a statement waits for another connection's lock. Default 5,000 ms. */
  busyTimeoutMs?: number;
}

const synchronousOf = { full: 2, normal: 1, off: 0 } as const;

/** What every connection is set to, besides its durability. The two of `fullfsync` matter on macOS only, where a plain fsync does not reach the disk. */
const settings = { fullfsync: 1, checkpoint_fullfsync: 1, foreign_keys: 1, trusted_schema: 0, cell_size_check: 1, mmap_size: 0 } as const;

/**
 * Opens a SQLite file with the project's settings and proves that they took effect.
 *
 * Errors: throws when the file cannot be opened or a setting reads back differently.
 * Source: better-sqlite3 builds SQLite with WAL default `synchronous=NORMAL`, which loses acknowledged
 *         commits on power loss; hence the explicit setting and the read-back.
 */
export function openDatabase(file: string, options: OpenDatabaseOptions): SqliteDatabase {
  const db = new Database(file, { readonly: options.readonly ?? false, timeout: options.busyTimeoutMs ?? 5_000 });
  try {
    if (!options.readonly && file !== ':memory:') db.pragma('journal_mode = WAL');
    for (const [name, value] of Object.entries({ synchronous: synchronousOf[options.durability], ...settings })) {
      db.pragma(`${name} = ${value}`);
      // A database that is not in a file answers nothing to some of them.
      const found = db.pragma(name, { simple: true }) ?? value;
      if (found !== value) throw new Error(`SQLite did not accept ${name}=${value} for ${file}: it says ${String(found)}.`);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
