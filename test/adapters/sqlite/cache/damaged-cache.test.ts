import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCache } from '../../../../electron/adapters/sqlite/cache/open-cache.ts';
import { createLedgerStore } from '../../../../electron/adapters/sqlite/ledger/ledger-store.ts';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import type { Cache } from '../../../../electron/core/ports.ts';
import { damaged, damages } from '../damage.ts';
import { change, facts, mapping, property } from './made-up-changes.ts';

const keys = Array.from({ length: 60 }, (_, n) => `p${n}`);
const page = { filter: '', sort: 'key', descending: false, limit: 500 } as const;

let folder: string;
let cacheFile: string;
let whole: Buffer;
let ledger: Buffer;

async function refresh(cache: Cache, id: string): Promise<void> {
  const writer = await cache.beginSnapshot(mapping, null);
  await writer.addProperties(keys.map((key) => property(key)));
  await writer.addCandidates(keys.map((key) => change({ key, kind: 'create', name: `Park ${key} ${'long '.repeat(40)}` })));
  await writer.runChecks({ now: '2026-11-23T12:00:00.000Z' });
  await writer.commit(facts(id), async () => {});
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-damaged-cache-'));
  cacheFile = join(folder, 'cache.db');
  createLedgerStore({ folder, readonly: false, now: () => '2026-11-23T12:00:00.000Z' }).close();
  ledger = readFileSync(join(folder, 'ledger.db'));
  const cache = await openCache({ folder, mapping, threads: false });
  await refresh(cache, 'S-0001');
  await cache.close();
  whole = readFileSync(cacheFile);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What looking at everything comes to: nothing, or the one failure that says what to do. */
async function lookAround(cache: Cache): Promise<string> {
  try {
    await cache.snapshot();
    for (const { key, kind } of (await cache.pageFull(page)).items) await cache.show(key, kind);
    await cache.facets('');
    await cache.checks();
    await cache.metrics();
    return 'read';
  } catch (error) {
    return error instanceof AppFailure && /refresh the snapshot/u.test(error.message) ? error.error.code : `unexpected: ${String(error)}`;
  }
}

test('Row 24: a damaged cache is told or moved aside, never a fault of the app; the next refresh fills it anew, and the ledger is not touched', async () => {
  let told = 0;
  let aside = 0;
  await fc.assert(fc.asyncProperty(damages, async (damage) => {
    for (const name of readdirSync(folder)) if (name.startsWith('cache.db')) rmSync(join(folder, name));
    writeFileSync(cacheFile, damaged(whole, damage));
    const cache = await openCache({ folder, mapping, threads: false });
    try {
      const seen = await lookAround(cache);
      expect(['read', 'workspace-damaged']).toContain(seen);
      if (seen === 'workspace-damaged') told += 1;
      await refresh(cache, 'S-0002');
      expect(await lookAround(cache)).toBe('read');
      expect((await cache.page(page)).items.map(({ key }) => key)).toEqual(keys.toSorted());
    } finally {
      await cache.close();
    }
    if (existsSync(`${cacheFile}.damaged-1`)) aside += 1;
    expect(readFileSync(join(folder, 'ledger.db')).equals(ledger)).toBe(true);
  }), { numRuns: 40, seed: 24 });
  expect(told).toBeGreaterThan(0);
  expect(aside).toBeGreaterThan(0);
});

test('Row 24: a flipped bit that makes a stored text unreadable is told like any other damage', async () => {
  for (const name of readdirSync(folder)) if (name.startsWith('cache.db')) rmSync(join(folder, name));
  const bytes = Buffer.from(whole);
  for (let at = bytes.indexOf('"New Town"'); at >= 0; at = bytes.indexOf('"New Town"', at + 1)) bytes[at] = 0x23;
  writeFileSync(cacheFile, bytes);
  const cache = await openCache({ folder, mapping, threads: false });
  expect(await lookAround(cache)).toBe('workspace-damaged');
  await refresh(cache, 'S-0003');
  expect(await lookAround(cache)).toBe('read');
  await cache.close();
});
