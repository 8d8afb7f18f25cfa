import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WarehouseCalls, WarehouseWorkerData } from '../../../electron/adapters/embedded/warehouse-calls.ts';
import { CallingThread } from '../../../electron/adapters/threads/calling-thread.ts';
import { property, writeSource } from '../../warehouse-views/view-fixture.ts';

let folder: string;
let thread: CallingThread<WarehouseCalls>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-worker-'));
  writeSource(folder, { properties: [property('p1'), property('p2')] });
  const data: WarehouseWorkerData = { file: join(folder, 'warehouse.db'), source: folder, auditFile: undefined };
  thread = new CallingThread({ entry: new URL('../../../electron/adapters/embedded/warehouse-worker.ts', import.meta.url), data, ended: () => new Error('ended') });
  await thread.call('loadSource', null);
  await thread.call('buildViews', null);
});
afterEach(async () => {
  await thread.end();
  rmSync(folder, { recursive: true });
});

it('never gives a cursor that is gone, or never was, as the end of the rows', async () => {
  const gone = 'its cursor is closed';
  await expect(thread.call('nextRows', 99)).rejects.toThrow(gone);
  const [read, left, lost] = [await thread.call('openView', 'properties_to_create'), await thread.call('openView', 'properties_to_create'), await thread.call('openView', 'properties_to_create')];
  expect([(await thread.call('nextRows', read)).length, await thread.call('nextRows', read)]).toEqual([2, []]);
  await expect(thread.call('nextRows', read)).rejects.toThrow(gone);
  await thread.call('closeView', left);
  await expect(thread.call('nextRows', left)).rejects.toThrow(gone);
  await thread.call('loadSource', null);
  await expect(thread.call('nextRows', lost)).rejects.toThrow(gone);
});

it.each(['close', 'loadSource'] as const)('lets go of a view that was opened and never read: %s', async (name) => {
  const cursor = await thread.call('openView', 'properties_to_create');
  await thread.call('openView', 'rds_properties_enriched');
  await thread.call('closeView', cursor);
  await thread.call(name, null);
});
