import { openDatabase } from '../open-database.ts';
import { readOrgRecordTexts } from './snapshot-lines.ts';

/** The org's records during one refresh, synchronous. Records travel as in `orgRecordLines`. */
export interface OrgRecordStore {
  add(lines: string): void;
  /** Those under these keys, letter by letter; of one key in the order in which they came. */
  find(keys: readonly string[]): string;
  close(): void;
}

/**
 * Keeps the org's records in a temporary file that SQLite removes by itself, whatever happens.
 *
 * Shape:  rows are appended as they come and found by an index that is built at the first search: keys come in no order,
 *         and putting each in its place would turn the whole file over at every page.
 */
export function createOrgRecordStore(): OrgRecordStore {
  const db = openDatabase('', { durability: 'off' });
  db.exec('CREATE TABLE org_record (key TEXT NOT NULL, ids TEXT NOT NULL, cells TEXT NOT NULL)');
  db.exec('BEGIN');
  const insert = db.prepare('INSERT INTO org_record VALUES (?, ?, ?)');
  const select = db.prepare('SELECT o.ids, o.cells FROM json_each(?) e CROSS JOIN org_record o ON o.key = e.value').raw();
  let isIndexed = false;
  return {
    add(lines) {
      for (const { key, ids, values } of readOrgRecordTexts(lines)) insert.run(key, ids, values);
    },
    find(keys) {
      if (!isIndexed) db.exec('CREATE INDEX org_record_by_key ON org_record (key)');
      isIndexed = true;
      return (select.all(JSON.stringify(keys)) as [string, string][]).map((lines) => lines.join('\n')).join('\n');
    },
    close() {
      db.close();
    },
  };
}
