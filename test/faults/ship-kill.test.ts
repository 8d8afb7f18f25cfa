import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDatabase } from '../../electron/adapters/sqlite/open-database.ts';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { auditLogRow } from '../../electron/core/audit/audit-log-row.ts';
import type { AuditLogRow } from '../../electron/core/warehouse-ports.ts';
import { addEvents } from '../core/audit/scripted-audit-table.ts';
import { temporaryLedger } from '../core/audit/temporary-audit.ts';
import { randomFrom } from './random-from.ts';

const child = fileURLToPath(new URL('./ship-child.ts', import.meta.url));
const kills = 10;
const perLife = 100;

function live(input: { folder: string; killAt: number; inFlightMs: number }): Promise<{ signal: string | null; code: number | null; stderr: string }> {
  return new Promise((resolve) => {
    const process_ = spawn(process.execPath, [child, JSON.stringify(input)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    process_.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    process_.on('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

it('A process that is killed at random moments while it copies the audit log loses nothing and copies nothing twice', async () => {
  const seed = Number(process.env['SHIP_KILL_SEED'] ?? 20_261_126);
  const random = randomFrom(seed);
  const { folder, ledger } = await temporaryLedger(600);
  await ledger.close();
  for (let killed = 0; killed < kills; killed += 1) {
    const end = await live({ folder, killAt: 1 + random(13), inFlightMs: random(6) });
    expect({ seed, killed, ...end }).toMatchObject({ signal: 'SIGKILL' });
    const between = await openLedger({ folder, threads: false });
    await addEvents(between, perLife);
    await between.close();
  }
  expect(await live({ folder, killAt: 0, inFlightMs: 0 })).toMatchObject({ code: 0, stderr: '' });

  const after = await openLedger({ folder, readonly: true, threads: false });
  const db = openDatabase(join(folder, 'warehouse-audit.db'), { readonly: true, durability: 'full' });
  const told = db.prepare(`SELECT * FROM property_sync_audit_log WHERE event_kind <> 'audit.anchor' ORDER BY sequence`).all() as AuditLogRow[];
  db.close();
  const total = 600 + kills * perLife;
  expect(told, `seed ${seed}`).toEqual((await after.eventsFrom(1, total + 1)).map(auditLogRow));
  expect(await after.shipping()).toMatchObject({ shipped: total, anchor: { seq: total }, failure: null });
  expect(await after.verify()).toMatchObject({ ok: true, events: total });
  await after.close();
}, 120_000);
