import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedWarehouse } from '../../../electron/adapters/embedded/embedded-warehouse.ts';
import type { Warehouse } from '../../../electron/core/ports.ts';
import { warehouseContract } from '../warehouse-contract.ts';

warehouseContract('The embedded warehouse', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-embedded-'));
  let opened: Warehouse | null = null;
  let source = '';
  const now = (): Warehouse => (opened ??= embeddedWarehouse({ file: join(folder, 'warehouse.db'), source, mirror: 'file' }));
  const warehouse: Warehouse = {
    prepare: (options) => now().prepare(options),
    readView: (view, options) => now().readView(view, options),
    countView: (view, signal) => now().countView(view, signal),
    fingerprint: (signal) => now().fingerprint(signal),
    close: () => now().close(),
  };
  return {
    warehouse,
    load: async (loaded) => {
      source = loaded;
    },
    async close() {
      await opened?.close();
      rmSync(folder, { recursive: true });
    },
  };
});
