import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Warehouse, WarehouseRow, WarehouseView } from '../../electron/core/ports.ts';
import { feature, property, runViews, staged, writeSource, type Source } from '../warehouse-views/view-fixture.ts';

export interface WarehouseUnderTest {
  warehouse: Warehouse;
  /** Makes the three CSV files of a folder the source. */
  load(folder: string): Promise<void>;
  close(): Promise<void>;
}

const never = new AbortController().signal;
const compared: readonly WarehouseView[] = ['rds_properties_enriched', 'properties_aggregated_by_sfdc_id', 'properties_to_create', 'properties_to_update', 'product_property'];

/** Values that a driver, a type or a quotation may spoil. */
const ugly: Source = {
  properties: [
    property('007', { name: '1e5', zip: '00501', updated_at: '2026-01-01T00:00:00.123456Z', created_at: '0001-01-01' }),
    property(`a'"\\`, { name: 'line\nbreak\ttab\r\n"quoted" \\n', address: '\u{1f3e2} e\u0301 é \u0001\u001f\u2028', updated_at: '9999-12-31 23:59:59.999999' }),
    property('null', { name: 'NULL', city: 'true', state: '-0', updated_at: '1969-12-31T23:59:59.000001+00:30' }),
    property('g1', { sfdc_id: 'a0A5e0000000001', updated_at: null }),
    property('g2', { sfdc_id: 'a0A5e0000000001AAA', status: 'DISABLED' }),
    property('g3', { sfdc_id: '\ta0A5e0000000001 ', name: ' ' }),
  ],
  features: [feature('g1', 'bank_linking', { enabled_at: '2025-03-01 10:00:00.5' }), feature('g3', 'bank_linking', { enabled_at: '2025-03-01T11:00:00.5+01:00' }), feature('007', 'fraud_detection', { enabled_at: null })],
  staging: [staged('s1', 'g2'), staged('s2', null, { sf_property_id_c: 'x' }), staged('s3', '007', { is_deleted: 'true' }), staged('s4', 'null', { is_deleted: null })],
};

const many = (count: number): Source => ({ properties: Array.from({ length: count }, (_, at) => property(`p${String(at).padStart(6, '0')}`, { name: `Property ${at} ${'x'.repeat(40)}` })) });

/** Runs the cases that every adapter of the Warehouse port must pass. */
export function warehouseContract(name: string, open: () => Promise<WarehouseUnderTest>): void {
  describe(`${name} keeps the contract of a warehouse`, () => {
    let under: WarehouseUnderTest;
    let folder: string;
    const load = async (source: Source): Promise<void> => {
      writeSource(folder, source);
      await under.load(folder);
      await under.warehouse.prepare({ signal: never, onProgress: () => {} });
    };
    const readAll = async (view: WarehouseView, signal = never): Promise<WarehouseRow[]> => {
      const all: WarehouseRow[] = [];
      for await (const rows of under.warehouse.readView(view, { signal })) {
        expect(rows.length).toBeLessThanOrEqual(1_000);
        all.push(...rows);
      }
      return all;
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'countersign-contract-'));
      writeSource(folder, {});
      under = await open();
    });
    afterAll(async () => {
      await under.close();
      rmSync(folder, { recursive: true });
    });

    it('gives the rows of every view exactly, ugly values and all, in order of their keys', async () => {
      await load(ugly);
      const expected = runViews(ugly);
      for (const view of compared) expect(await readAll(view), view).toEqual(expected[view]);
      const dashboard = (await readAll('sync_monitoring_dashboard')).map(({ metric, numerator, denominator }) => [metric, numerator, denominator]);
      expect(dashboard).toEqual(expected.sync_monitoring_dashboard.map(({ metric, numerator, denominator }) => [metric, numerator, denominator]));
    });

    it('counts what it was given', async () => {
      await load(ugly);
      expect(await under.warehouse.prepare({ signal: never, onProgress: () => {} })).toEqual({ properties: 6, propertyFeatures: 3, productProperty: 4, notices: [] });
      expect(await under.warehouse.countView('properties_to_create', never)).toBe((await readAll('properties_to_create')).length);
    });

    it('gives nothing from empty tables', async () => {
      await load({});
      for (const view of compared) expect(await readAll(view), view).toEqual([]);
      expect(await under.warehouse.countView('properties_to_update', never)).toBe(0);
    });

    it('streams more rows than one answer holds, each once', async () => {
      await load(many(12_345));
      const rows = await readAll('properties_to_create');
      expect(rows.map((row) => row['snappt_property_id'])).toEqual(many(12_345).properties?.map((row) => row['id']));
    });

    it('can be read twice at the same time, and left in the middle', async () => {
      await load(many(2_500));
      for await (const rows of under.warehouse.readView('properties_to_create', { signal: never })) {
        expect(rows).toHaveLength(1_000);
        expect(await readAll('rds_properties_enriched')).toHaveLength(2_500);
        break;
      }
      expect(await readAll('properties_to_create')).toHaveLength(2_500);
    });

    it('stops between two batches when cancelled, and works again afterwards', async () => {
      await load(many(2_500));
      const controller = new AbortController();
      let read = 0;
      const reading = async (): Promise<void> => {
        for await (const rows of under.warehouse.readView('properties_to_create', { signal: controller.signal })) {
          read += rows.length;
          controller.abort();
        }
      };
      await expect(reading()).rejects.toMatchObject({ error: { code: 'cancelled' } });
      expect(read).toBe(1_000);
      expect(await readAll('properties_to_create')).toHaveLength(2_500);
    });

    it('does not even begin when it is cancelled already', async () => {
      await expect(readAll('properties_to_create', AbortSignal.abort())).rejects.toMatchObject({ error: { code: 'cancelled' } });
    });

    it('names the state of its source: the same while nothing changes, another for every change', async () => {
      const seen = new Set<string | null>();
      const changes: Source[] = [
        ugly,
        { ...ugly, properties: (ugly.properties ?? []).slice(1) },
        { ...ugly, properties: (ugly.properties ?? []).map((row, at) => (at === 1 ? { ...row, name: 'Other' } : row)) },
        { ...ugly, properties: (ugly.properties ?? []).map((row, at) => (at === 0 ? { ...row, city: row['address'] ?? 'x', address: row['city'] ?? null } : row)) },
        { ...ugly, properties: (ugly.properties ?? []).map((row, at) => (at === 0 ? { ...row, updated_at: '2026-01-01T00:00:00.123457Z' } : row)) },
        { ...ugly, features: (ugly.features ?? []).map((row, at) => (at === 0 ? { ...row, enabled: 'false' } : row)) },
        { ...ugly, features: [...(ugly.features ?? []), ...(ugly.features ?? []).slice(0, 1)] },
        { ...ugly, staging: (ugly.staging ?? []).map((row, at) => (at === 0 ? { ...row, is_deleted: 'true' } : row)) },
      ];
      for (const source of changes) {
        await load(source);
        const state = await under.warehouse.fingerprint(never);
        expect(state).not.toBeNull();
        expect(await under.warehouse.fingerprint(never)).toBe(state);
        seen.add(state);
      }
      expect(seen.size).toBe(changes.length);
      await load(ugly);
      expect(seen).toContain(await under.warehouse.fingerprint(never));
    });

    it('lets go of everything, and begins anew when it is asked again', async () => {
      await load(many(10));
      await under.warehouse.close();
      await under.warehouse.prepare({ signal: never, onProgress: () => {} });
      expect(await readAll('properties_to_create')).toHaveLength(10);
    });
  });
}
