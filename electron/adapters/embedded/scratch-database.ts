import { openDatabase, type SqliteDatabase } from '../sqlite/open-database.ts';
import { addSparkFunctions } from './spark-functions.ts';

/** Opens a database for the rows of views, with the functions that these use. An empty name: SQLite makes a file and removes it by itself, whatever happens. */
export function openScratch(file: string): SqliteDatabase {
  const db = openDatabase(file, { durability: 'off' });
  // Nothing here outlives a crash: the file is deleted and made anew, so a journal would only write everything twice.
  db.pragma('journal_mode = OFF');
  db.pragma('cache_size = -65536');
  // Views jump about in tables larger than the cache; mapped pages need no copy.
  db.pragma('mmap_size = 4294967296');
  addSparkFunctions(db);
  return db;
}
