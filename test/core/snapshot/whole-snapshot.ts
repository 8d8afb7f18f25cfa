import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCache } from '../../../electron/adapters/sqlite/cache/open-cache.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import type { Warehouse } from '../../../electron/core/ports.ts';
import { refreshSnapshot } from '../../../electron/core/snapshot/refresh.ts';
import type { Snapshot } from '../../../shared/domain/snapshot.ts';
import { clock, mapping, theseRules } from './workspace.ts';

/** All that a refresh makes of a source, without what belongs to its time and place. */
export interface WholeSnapshot {
  counts: Omit<Snapshot, 'seconds' | 'readFrom' | 'rows' | 'notices'>;
  /** Every pending change in full, content hash included, by kind and key. */
  changes: Record<string, unknown>;
  checks: unknown;
}

/** Refreshes into a workspace of its own and answers with everything that is in it then. */
export async function wholeSnapshot(warehouse: Warehouse, org: Org): Promise<WholeSnapshot> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-whole-'));
  const ledger = await openLedger({ folder, threads: false });
  const cache = await openCache({ folder, mapping, threads: false });
  try {
    const { seconds: _1, readFrom: _2, rows: _3, notices: _4, ...counts } = await refreshSnapshot({ warehouse, org, cache, ledger, mapping, rules: theseRules, clock }, { actor: 'admin', signal: new AbortController().signal, onProgress: () => {} });
    const changes: Record<string, unknown> = {};
    let after: string | undefined;
    do {
      const page = await cache.pageFull({ filter: '', sort: 'key', descending: false, limit: 5_000, ...(after === undefined ? {} : { after }) });
      for (const item of page.items) changes[`${item.kind} ${item.key}`] = item;
      after = page.next ?? undefined;
    } while (after !== undefined);
    return { counts, changes, checks: await cache.checks() };
  } finally {
    await cache.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
