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

/**
 * Opens a SQLite file with the project's settings and proves that they took effect.
 *
 * Errors: throws when the file cannot be opened or a durable setting reads back differently.
 * Source: better-sqlite3 builds SQLite with WAL default `synchronous=NORMAL`, which loses acknowledged
 *         commits on power loss; hence the explicit setting and the read-back.
 */
export function openDatabase(file: string, options: OpenDatabaseOptions): SqliteDatabase {
  const db = new Database(file, { readonly: options.readonly ?? false, timeout: options.busyTimeoutMs ?? 5_000 });
  try {
    if (!options.readonly && file !== ':memory:') db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${synchronousOf[options.durability]}`);
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    const synchronous = db.pragma('synchronous', { simple: true });
    if (synchronous !== synchronousOf[options.durability]) {
      throw new Error(`SQLite did not accept synchronous=${options.durability} for ${file}`);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
