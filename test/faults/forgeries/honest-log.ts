import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { SqliteDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import type { SignedHead } from '../../../electron/core/audit/audit-log-row.ts';
import { exportAudit } from '../../../electron/core/audit/export-audit.ts';
import { auditEventTypes, type AuditEventType, type NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import { randomFrom } from '../random-from.ts';

export type Random = ReturnType<typeof randomFrom>;

/** An honest log: what the app's own ledger wrote and exported. */
export interface HonestLog {
  /** Lines of the export. */
  lines: readonly string[];
  /** Lines of the checkpoints beside it. */
  checkpoints: readonly string[];
  /** What the warehouse has kept: the head at about four fifths of the log. */
  anchor: SignedHead;
  /** The key that the ledger itself signs with; whoever has the file has it. */
  privateKey: string;
  /** The file of the ledger, as bytes that can be opened in memory. */
  file: Buffer;
}

const names = ['Park Kennedy', 'Café Zoë', 'Ångström Lofts', '5th & Main "West"', 'back\\slash', '日本橋 Residences', 'line\u2028end', '😀 Towers', 'tab\there', '\u202Ertl', 'nul\u0000', ''];
const numbers = [0, 1, -1, 7, 200, 0.1, 1.5, 1e21, 123456789, 5e-7, -33.25];
const people = ['ann@example.com', 'bob@example.com', 'José', 'countersign'];
const codes = ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'UNABLE_TO_LOCK_ROW', null];

export const pick = <T>(random: Random, values: readonly T[]): T => values[random(values.length)] as T;

/** Hexadecimal digits that look like a hash. */
const digits = (random: Random, length: number) => Array.from({ length }, () => '0123456789abcdef'[random(16)]).join('');

/** An event of a kind, with facts such as the app gives. */
export function madeUpEvent(random: Random, type: AuditEventType): NewAuditEvent {
  const number = 1 + random(40);
  const isPush = /^(?:run|chunk|job|record)\./u.test(type);
  const isBatch = isPush || type.startsWith('batch.');
  const key = `p${random(900)}`;
  const keys = type === 'record.pushed' ? [key] : type.startsWith('decision.') ? Array.from({ length: 1 + random(9) }, (_, at) => `${key}-${at}`) : [];
  const data: NewAuditEvent['data'] = {
    name: pick(random, names), reason: pick(random, names), count: pick(random, numbers), isPilot: random(2) === 0, planHash: digits(random, 64), code: pick(random, codes),
    counts: { planned: number, succeeded: random(number), failed: 0, 'ünknown': pick(random, numbers) }, fields: names.slice(0, random(4)), sent: { City__c: pick(random, names), Units__c: pick(random, numbers), Is_Active__c: null },
    ...(type === 'record.pushed' ? { key, outcome: 'succeeded', kind: 'update', salesforceId: `a0${digits(random, 16)}` } : {}),
    ...(type === 'audit.exported' ? { format: 'jsonl', events: number } : {}),
  };
  return { type, actor: pick(random, people), batchId: isBatch ? `B-${1 + random(9)}` : null, runId: isPush ? `R-${1 + random(9)}` : null, keys, data };
}

const appended = auditEventTypes.filter((type) => type !== 'ledger.created');

/**
 * Lets a real ledger write about so many events of all kinds, and export them.
 *
 * Shape:  the same seed makes the same events; ids, key and lineage are the ledger's own. The clock may go back: that is no forgery.
 */
export async function writeHonestLog(seed: number, events: number): Promise<HonestLog> {
  const random = randomFrom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'countersign-forgeries-'));
  let time = Date.UTC(2026, 10, 23, 12);
  const now = () => new Date((time += random(50) === 0 ? -3_600_000 : random(60_000))).toISOString();
  try {
    const ledger = await openLedger({ folder, threads: false, now });
    let written = 1;
    const write = async (until: number) => {
      while (written < until) {
        const step = Array.from({ length: Math.min(1 + random(9), until - written) }, (_, at) => madeUpEvent(random, appended[(written + at) % appended.length] as AuditEventType));
        await ledger.commit({ events: step, writes: [] });
        written += step.length;
      }
    };
    await write(Math.max(2, Math.floor(events * 0.8)));
    const anchor = await ledger.signHead();
    await write(events);
    const exported = join(folder, 'audit.jsonl');
    await exportAudit({ ledger, folder, desktop: { chooseSaveFile: async () => exported } }, { format: 'jsonl', actor: 'ann' });
    await ledger.close();
    const file = readFileSync(join(folder, 'ledger.db'));
    // A database in memory has no write-ahead log; bytes 18 and 19 of the header say that the file has none.
    file.fill(1, 18, 20);
    const db = openInMemory(file);
    const privateKey = db.prepare(`SELECT value FROM meta WHERE name = 'private_key'`).pluck().get() as string;
    db.close();
    return { lines: linesOf(exported), checkpoints: linesOf(join(folder, 'audit.checkpoints.jsonl')), anchor, privateKey, file };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a ledger's bytes in memory, without the triggers that guard it: a forger has no use for them. */
export function openInMemory(file: Buffer): SqliteDatabase {
  const db = new Database(file);
  for (const name of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all() as string[]) db.exec(`DROP TRIGGER ${name}`);
  return db;
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}
