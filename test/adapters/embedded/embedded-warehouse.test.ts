import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddedWarehouse, type MirrorRow } from '../../../electron/adapters/embedded/embedded-warehouse.ts';
import type { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Warehouse, WarehouseRow, WarehouseView } from '../../../electron/core/ports.ts';
import { feature, property, staged, writeSource } from '../../warehouse-views/view-fixture.ts';

let folder: string;
let file: string;
const open: Warehouse[] = [];
const never = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-warehouse-'));
  file = join(folder, 'warehouse.db');
});
afterEach(async () => {
  for (const warehouse of open.splice(0)) await warehouse.close();
  rmSync(folder, { recursive: true });
});

function warehouseOf(mirror: 'file' | ((signal: AbortSignal) => AsyncIterable<readonly MirrorRow[]>) = 'file'): Warehouse {
  const warehouse = embeddedWarehouse({ file, source: folder, mirror });
  open.push(warehouse);
  return warehouse;
}

async function readAll(warehouse: Warehouse, view: WarehouseView): Promise<WarehouseRow[]> {
  const all: WarehouseRow[] = [];
  for await (const rows of warehouse.readView(view, { signal: never })) {
    expect(rows.length).toBeLessThanOrEqual(1_000);
    all.push(...rows);
  }
  return all;
}

/** The thread that some work starts. */
async function threadOf(work: () => Promise<unknown>): Promise<Worker> {
  const started = Promise.withResolvers<Worker>();
  process.once('worker', started.resolve);
  await work();
  return started.promise;
}

const many = (count: number) => Array.from({ length: count }, (_, at) => property(`p${String(at).padStart(5, '0')}`));

describe('the embedded warehouse', () => {
  it('loads a folder, counts what it loaded and streams each view in order of its key', async () => {
    writeSource(folder, { properties: many(2_500).toReversed(), features: [feature('p00001', 'bank_linking')], staging: [staged('s1', 'p00000')] });
    const warehouse = warehouseOf();
    const progress: number[] = [];
    const counts = await warehouse.prepare({ signal: never, onProgress: (rows) => progress.push(rows) });
    expect(counts).toEqual({ properties: 2_500, propertyFeatures: 1, productProperty: 1, notices: [] });
    expect(progress.at(-1)).toBe(2_502);
    const creates = await readAll(warehouse, 'properties_to_create');
    expect(creates.map((row) => row['snappt_property_id'])).toEqual(many(2_500).slice(1).map((row) => row['id']));
    expect(await warehouse.countView('properties_to_create', never)).toBe(2_499);
    expect(await readAll(warehouse, 'product_property')).toMatchObject([{ id: 's1', is_deleted: false }]);
  });

  it('reads the files anew each time', async () => {
    writeSource(folder, { properties: many(1) });
    const warehouse = warehouseOf();
    await warehouse.prepare({ signal: never, onProgress: () => {} });
    writeSource(folder, { properties: many(3), staging: [staged('s1', 'p00000')] });
    await warehouse.prepare({ signal: never, onProgress: () => {} });
    expect(await warehouse.countView('properties_to_create', never)).toBe(2);
    expect(await warehouse.countView('properties_to_update', never)).toBe(1);
  });

  it('takes the mirror from an org when it has one, with the instants as Salesforce spells them', async () => {
    writeSource(folder, { properties: many(2), features: [feature('p00000', 'bank_linking', { enabled_at: '2025-01-01' })] });
    rmSync(join(folder, 'product_property.csv'));
    const warehouse = warehouseOf(async function* () {
      yield [{ id: 's1', snappt_property_id_c: 'p00000', bank_linking_enabled_c: true, bank_linking_enabled_at_c: '2025-01-01T00:00:00.000+0000' }];
      yield [{ id: 's2', snappt_property_id_c: 'gone', is_deleted: true }];
    });
    const counts = await warehouse.prepare({ signal: never, onProgress: () => {} });
    expect(counts.productProperty).toBe(2);
    expect(await readAll(warehouse, 'product_property')).toEqual([
      { id: 's1', snappt_property_id_c: 'p00000', sf_property_id_c: null, is_deleted: null },
      { id: 's2', snappt_property_id_c: 'gone', sf_property_id_c: null, is_deleted: true },
    ]);
    expect(await readAll(warehouse, 'properties_to_update')).toMatchObject([{ record_id: 's1', bank_linking_enabled_at: '2025-01-01T00:00:00.000000Z' }]);
  });

  it('tells a broken file as an expected failure, and works again once it is mended', async () => {
    writeSource(folder, { properties: many(1) });
    writeFileSync(join(folder, 'property_features.csv'), 'property_id,feature_code,enabled,enabled_at,updated_at\nx,y,maybe,,\n');
    const warehouse = warehouseOf();
    const failure = await warehouse.prepare({ signal: never, onProgress: () => {} }).catch((error: AppFailure) => error.error);
    expect(failure).toEqual({
      code: 'source-invalid',
      message: 'property_features.csv, line 2, column enabled: "maybe" is not a boolean.',
      details: { file: 'property_features.csv', line: 2, column: 'enabled', problem: '"maybe" is not a boolean' },
    });
    writeSource(folder, { properties: many(1) });
    expect(await warehouse.prepare({ signal: never, onProgress: () => {} })).toMatchObject({ properties: 1 });
  });

  it('stops at once when cancelled, also while it waits for the mirror, and can be prepared again', async () => {
    writeSource(folder, { properties: many(1) });
    const controller = new AbortController();
    let waits = true;
    const warehouse = warehouseOf(async function* () {
      controller.abort();
      if (waits) await new Promise(() => {});
      yield [];
    });
    const failure = await warehouse.prepare({ signal: controller.signal, onProgress: () => {} }).catch((error: AppFailure) => error.error.code);
    expect(failure).toBe('cancelled');
    waits = false;
    expect(await warehouse.prepare({ signal: never, onProgress: () => {} })).toMatchObject({ properties: 1 });
  });

  it('stops between two batches of a view when cancelled', async () => {
    writeSource(folder, { properties: many(2_500) });
    const warehouse = warehouseOf();
    await warehouse.prepare({ signal: never, onProgress: () => {} });
    const controller = new AbortController();
    let read = 0;
    const reading = async (): Promise<void> => {
      for await (const rows of warehouse.readView('properties_to_create', { signal: controller.signal })) {
        read += rows.length;
        controller.abort();
      }
    };
    await expect(reading()).rejects.toMatchObject({ error: { code: 'cancelled' } });
    expect(read).toBe(1_000);
    expect(await readAll(warehouse, 'properties_to_create')).toHaveLength(2_500);
  });

  it('can be read twice at the same time and left in the middle', async () => {
    writeSource(folder, { properties: many(1_500) });
    const warehouse = warehouseOf();
    await warehouse.prepare({ signal: never, onProgress: () => {} });
    for await (const rows of warehouse.readView('properties_to_create', { signal: never })) {
      expect(rows).toHaveLength(1_000);
      expect(await readAll(warehouse, 'rds_properties_enriched')).toHaveLength(1_500);
      break;
    }
    expect(await warehouse.prepare({ signal: never, onProgress: () => {} })).toMatchObject({ properties: 1_500 });
  });

  it('tells that its thread has died, and is healed by the next refresh', async () => {
    writeSource(folder, { properties: many(1) });
    const warehouse = warehouseOf();
    const worker = await threadOf(() => warehouse.prepare({ signal: never, onProgress: () => {} }));
    await worker.terminate();
    const died = { error: { code: 'source-unavailable', message: expect.stringMatching(/^The embedded warehouse stopped by itself\./u) } };
    await expect(warehouse.countView('properties_to_create', never)).rejects.toMatchObject(died);
    await expect(readAll(warehouse, 'properties_to_create')).rejects.toMatchObject(died);
    expect(await warehouse.prepare({ signal: never, onProgress: () => {} })).toMatchObject({ properties: 1 });
    expect(await warehouse.countView('properties_to_create', never)).toBe(1);
  });

  it('closes, and leaves no file behind, also after its thread has died', async () => {
    writeSource(folder, { properties: many(1) });
    const warehouse = warehouseOf();
    const worker = await threadOf(() => warehouse.prepare({ signal: never, onProgress: () => {} }));
    await worker.terminate();
    await warehouse.close();
    expect(readdirSync(folder).filter((name) => name.startsWith('warehouse'))).toEqual([]);
  });

  it('leaves no file behind', async () => {
    writeSource(folder, { properties: many(1) });
    const warehouse = warehouseOf();
    await warehouse.prepare({ signal: never, onProgress: () => {} });
    await warehouse.close();
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(folder).toSorted()).toEqual(['product_property.csv', 'properties.csv', 'property_features.csv']);
  });
});
