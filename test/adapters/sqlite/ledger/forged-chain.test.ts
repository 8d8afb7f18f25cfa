import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase, type SqliteDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import { hashEvent } from '../../../../electron/core/audit/chain.ts';
import { canonicalJson } from '../../../../electron/core/canonical.ts';
import type { AuditEvent } from '../../../../shared/domain/audit-event.ts';
import { anEvent, openStore, tamper, temporaryFolder } from './temporary-ledger.ts';

/** A closed ledger with 130 events: checkpoints at 1, 100, the approval at 61, and the head. */
function writeLedger(): string {
  const folder = temporaryFolder();
  const store = openStore(folder);
  const numbers = Array.from({ length: 129 }, (_, place) => place + 2);
  store.commit({ events: numbers.map((n) => anEvent({ type: n === 61 ? 'batch.approved' : 'snapshot.loaded', keys: [`k${n}`], data: { n, name: 'Café "5", ünïcode' } })), writes: [] });
  store.close();
  return folder;
}

function verify(folder: string) {
  const store = openStore(folder, { readonly: true });
  const report = store.verify();
  store.close();
  return report;
}

function readAll(db: SqliteDatabase): AuditEvent[] {
  return (db.prepare('SELECT bytes FROM audit_event ORDER BY seq').pluck().all() as string[]).map((bytes) => JSON.parse(bytes) as AuditEvent);
}

function writeAll(db: SqliteDatabase, events: readonly AuditEvent[]): void {
  db.exec('DELETE FROM audit_event');
  const insert = db.prepare('INSERT INTO audit_event (seq, bytes, hash, id, type, actor, batch_id, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (const event of events) insert.run(event.seq, canonicalJson(event), event.hash, event.id, event.type, event.actor, event.batchId, event.runId);
}

/** Chains events anew, as somebody without the key can. */
function restamp(events: readonly AuditEvent[]): AuditEvent[] {
  let prev = '0'.repeat(64);
  return events.map((event, place) => {
    const stamped = { ...event, seq: place + 1, prev };
    prev = hashEvent(stamped);
    return { ...stamped, hash: prev };
  });
}

test('an untouched chain is intact and says what was verified', () => {
  const report = verify(writeLedger());
  expect(report).toMatchObject({ ok: true, events: 130, checkpoints: 4, lastCheckpoint: { seq: 130 }, firstBad: null });
  expect(report.head).toBe(report.lastCheckpoint?.head);
});

const forgeries: [string, (db: SqliteDatabase) => void, { seq: number; problem: string }][] = [
  ['an edited value', (db) => db.exec(`UPDATE audit_event SET bytes = replace(bytes, '"n":40', '"n":41') WHERE seq = 40`), { seq: 40, problem: 'altered' }],
  ['an edit that keeps the meaning', (db) => db.exec(`UPDATE audit_event SET bytes = replace(bytes, '{"n":40', '{ "n":40') WHERE seq = 40`), { seq: 40, problem: 'altered' }],
  ['an edit of what is searched', (db) => db.exec(`UPDATE audit_event SET actor = 'eve' WHERE seq = 40`), { seq: 40, problem: 'altered' }],
  ['an edited event with its own hash put right', (db) => {
    const event = readAll(db)[39];
    const changed = { ...event!, actor: 'eve' };
    const hash = hashEvent(changed);
    db.prepare('UPDATE audit_event SET bytes = ?, hash = ?, actor = ? WHERE seq = 40').run(canonicalJson({ ...changed, hash }), hash, 'eve');
  }, { seq: 41, problem: 'altered' }],
  ['a deleted event', (db) => db.exec('DELETE FROM audit_event WHERE seq = 40'), { seq: 40, problem: 'missing' }],
  ['the first events deleted', (db) => db.exec('DELETE FROM audit_event WHERE seq <= 3'), { seq: 1, problem: 'missing' }],
  ['two events swapped', (db) => {
    const events = readAll(db);
    const [one, other] = [events[39]!, events[40]!];
    db.exec('DELETE FROM audit_event WHERE seq IN (40, 41)');
    const insert = db.prepare('INSERT INTO audit_event (seq, bytes, hash, id, type, actor) VALUES (?, ?, ?, ?, ?, ?)');
    insert.run(40, canonicalJson(other), other.hash, other.id, other.type, other.actor);
    insert.run(41, canonicalJson(one), one.hash, one.id, one.type, one.actor);
  }, { seq: 40, problem: 'reordered' }],
  ['an inserted event, the later ones moved up', (db) => {
    const events = readAll(db);
    const forged = { ...events[39]!, actor: 'eve', id: '00000000-0000-4000-8000-000000000000' };
    const rows = [...events.slice(0, 39), { ...forged, hash: hashEvent(forged) }, ...events.slice(39)];
    db.exec('DELETE FROM audit_event');
    const insert = db.prepare('INSERT INTO audit_event (seq, bytes, hash, id, type, actor) VALUES (?, ?, ?, ?, ?, ?)');
    rows.forEach((event, place) => insert.run(place + 1, canonicalJson(event), event.hash, event.id, event.type, event.actor));
  }, { seq: 41, problem: 'reordered' }],
  ['an event of another ledger', (db) => {
    const event = { ...readAll(db)[39]!, lineage: '00000000-0000-4000-8000-000000000000' };
    const hash = hashEvent(event);
    db.prepare('UPDATE audit_event SET bytes = ?, hash = ? WHERE seq = 40').run(canonicalJson({ ...event, hash }), hash);
  }, { seq: 40, problem: 'foreign' }],
  ['the tail cut off', (db) => db.exec('DELETE FROM audit_event WHERE seq > 90'), { seq: 91, problem: 'truncated' }],
  ['everything deleted', (db) => db.exec('DELETE FROM audit_event'), { seq: 1, problem: 'truncated' }],
  ['an edit with all later hashes stamped anew', (db) => {
    const events = readAll(db);
    events[39] = { ...events[39]!, actor: 'eve' };
    writeAll(db, restamp(events));
  }, { seq: 61, problem: 'altered' }],
  ['a deletion with all later hashes stamped anew and checkpoints moved along', (db) => {
    const events = restamp(readAll(db).filter(({ seq }) => seq !== 120));
    writeAll(db, events);
    db.prepare('UPDATE checkpoint SET seq = 129, head = ? WHERE seq = 130').run(events.at(-1)!.hash);
  }, { seq: 129, problem: 'signature' }],
  ['stamped anew with the checkpoints thrown away', (db) => {
    const events = readAll(db);
    events[39] = { ...events[39]!, actor: 'eve' };
    writeAll(db, restamp(events));
    db.exec('DELETE FROM checkpoint WHERE seq > 1');
  }, { seq: 61, problem: 'signature' }],
  ['another signing key', (db) => db.exec(`UPDATE meta SET value = 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=' WHERE name = 'public_key'`), { seq: 1, problem: 'signature' }],
];

test.each(forgeries)('verification finds %s', (_, forge, expected) => {
  const folder = writeLedger();
  tamper(folder, forge);
  expect(verify(folder)).toMatchObject({ ok: false, firstBad: expected });
});

test('the guards refuse an edit or a deletion through SQL', () => {
  const folder = writeLedger();
  const db = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
  for (const sql of ['DELETE FROM audit_event WHERE seq = 130', `UPDATE audit_event SET actor = 'eve' WHERE seq = 130`, 'DELETE FROM checkpoint', `UPDATE checkpoint SET head = ''`, 'DELETE FROM audit_event_key']) {
    expect(() => db.exec(sql)).toThrow('append-only');
  }
  db.close();
  expect(verify(folder).ok).toBe(true);
});
