import type { SqliteDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import { needsCheckpoint } from '../../../electron/core/audit/checkpoint.ts';
import { readEvents, readHeads, type ForgedLog } from './forged-log.ts';
import { pick, type HonestLog, type Random } from './honest-log.ts';

interface Columns {
  hash?: string;
  id?: string;
  type?: string;
  actor?: string;
  batchId?: string | null;
  runId?: string | null;
  keys?: string[];
  lineage?: string;
  data?: { publicKey?: string };
}

/** Puts a forged log into a ledger, filed as well as a forger can. */
export function putIntoLedger(db: SqliteDatabase, { lines, checkpoints }: ForgedLog): void {
  db.exec('DELETE FROM audit_event; DELETE FROM audit_event_key; DELETE FROM checkpoint');
  // Two events with one hash or id cannot be stored; a forger would drop the uniqueness, which here stands for itself.
  const insert = db.prepare('INSERT OR REPLACE INTO audit_event (seq, bytes, hash, id, type, actor, batch_id, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const insertKey = db.prepare('INSERT OR IGNORE INTO audit_event_key (key, seq) VALUES (?, ?)');
  const insertCheckpoint = db.prepare('INSERT OR REPLACE INTO checkpoint (seq, head, at, signature) VALUES (?, ?, ?, ?)');
  for (const [place, line] of lines.entries()) {
    const seq = place + 1;
    const { hash = '', id = '', type = '', actor = '', batchId = null, runId = null, keys = [] } = columnsOf(line);
    insert.run(seq, line, hash, id, type, actor, batchId, runId);
    for (const key of keys) insertKey.run(key, seq);
  }
  for (const { seq, head, at, signature } of readHeads({ checkpoints })) insertCheckpoint.run(seq, head, at, signature);
  const first = columnsOf(lines[0] ?? '');
  const put = db.prepare('UPDATE meta SET value = ? WHERE name = ?');
  if (typeof first.lineage === 'string') put.run(first.lineage, 'lineage');
  if (typeof first.data?.publicKey === 'string') put.run(first.data.publicKey, 'public_key');
}

function columnsOf(line: string): Columns {
  try {
    return JSON.parse(line) as Columns;
  } catch {
    // A line that is no JSON names nothing to be filed under.
    return {};
  }
}

const someRow = (log: HonestLog, random: Random): number => 1 + random(log.anchor.seq - 1);

/** Forgeries that only a table allows: what is searched says something else than the events. */
export const ledgerForgeries: Readonly<Record<string, (db: SqliteDatabase, log: HonestLog, random: Random) => void>> = {
  ...Object.fromEntries(
    ['type', 'actor', 'batch_id', 'run_id', 'hash', 'id'].map((column) => [
      `ledger: column ${column}`,
      (db: SqliteDatabase, log: HonestLog, random: Random) => void db.prepare(`UPDATE audit_event SET ${column} = ? WHERE seq = ?`).run(`forged ${random(1e6)}`, someRow(log, random)),
    ]),
  ),
  'ledger: an event hidden from the records that it speaks of': (db, log, random) => {
    const { seq, keys } = pick(random, readEvents(log).filter((event) => event.keys.length > 0 && event.seq < log.anchor.seq));
    db.prepare('DELETE FROM audit_event_key WHERE seq = ? AND key = ?').run(seq, pick(random, keys));
  },
  'ledger: an event shown for a record that it does not speak of': (db, log, random) => void db.prepare('INSERT INTO audit_event_key (key, seq) VALUES (?, ?)').run(`forged ${random(1e6)}`, someRow(log, random)),
  'ledger: a row removed': (db, log, random) => void db.prepare('DELETE FROM audit_event WHERE seq = ?').run(someRow(log, random)),
  'ledger: a row moved behind the end': (db, log, random) => void db.prepare('UPDATE audit_event SET seq = ? WHERE seq = ?').run(log.lines.length + 1 + random(9), someRow(log, random)),
  'ledger: a checkpoint row removed': (db, log, random) => {
    const { seq } = pick(random, readEvents(log).filter((event) => needsCheckpoint(event) && event.seq < log.anchor.seq));
    db.prepare('DELETE FROM checkpoint WHERE seq = ?').run(seq);
  },
  'ledger: its lineage': (db) => void db.prepare(`UPDATE meta SET value = '00000000-0000-4000-8000-000000000000' WHERE name = 'lineage'`).run(),
  'ledger: its key': (db) => void db.prepare(`UPDATE meta SET value = 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=' WHERE name = 'public_key'`).run(),
};
