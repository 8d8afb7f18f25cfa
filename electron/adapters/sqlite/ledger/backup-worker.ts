import { join } from 'node:path';
import { openDatabase } from '../open-database.ts';
import { backUpLedger, type LedgerBackup } from './ledger-backup.ts';

export interface BackupStore {
  backUp(): LedgerBackup;
  close(): void;
}

/** Copies a ledger over a connection of its own, inside a store worker, so that nobody who asks the ledger waits for the copy. */
export function createStore({ folder }: { folder: string }): BackupStore {
  const file = join(folder, 'ledger.db');
  const db = openDatabase(file, { readonly: true, durability: 'full' });
  return { backUp: () => backUpLedger(db, file), close: () => void db.close() };
}
