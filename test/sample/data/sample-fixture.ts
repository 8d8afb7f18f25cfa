import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedWarehouse, type MirrorRow } from '../../../electron/adapters/embedded/embedded-warehouse.ts';
import { warehouseViews, type WarehouseRow, type WarehouseView } from '../../../electron/core/ports.ts';
import { writeSample, type SampleCounts } from '../../../electron/sample/data/write-sample.ts';
import type { OrgSeedRecord } from '../../../electron/sample/org/org-file.ts';
import { diffRecord, isEffective, type FieldDiff } from '../../../shared/domain/field-diff.ts';
import { mappingSchema } from '../../../shared/domain/mapping.ts';

export interface LoadedSample {
  counts: SampleCounts;
  records: OrgSeedRecord[];
  views: Record<WarehouseView, WarehouseRow[]>;
  /** Diff of each update candidate that changes something, by record id. */
  updates: Map<string, FieldDiff[]>;
}

const mapping = mappingSchema.parse(
  JSON.parse(readFileSync(new URL('../../../electron/core/default-mapping.json', import.meta.url), 'utf8')),
);

/** The mirror's row of a staging record, as an org would give it. */
export function mirrorRow(record: OrgSeedRecord): MirrorRow {
  const columns = Object.entries(record).map(([field, value]) => [columnOf(field), value ?? null] as const);
  return Object.fromEntries(columns);
}

function columnOf(field: string): string {
  const fixed: Record<string, string> = {
    Id: 'id',
    IsDeleted: 'is_deleted',
    LastModifiedDate: 'last_modified_date',
    SystemModstamp: 'system_modstamp',
    Snappt_Property_ID__c: 'snappt_property_id_c',
    SF_Property_ID__c: 'sf_property_id_c',
  };
  const feature = /_(?:Enabled|Enabled_At)__c$/.test(field);
  return fixed[field] ?? (feature ? field.toLowerCase().replace('__c', '_c') : field.toLowerCase().replace('__c', ''));
}

/** Writes a sample and reads every view of it. */
export async function loadSample(options: { properties?: number; seed?: number | string }): Promise<LoadedSample> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-sample-'));
  const file = join(folder, 'warehouse.db');
  const records: OrgSeedRecord[] = [];
  const counts = writeSample({ warehouseFile: file, ...options, onOrgRecords: (all) => records.push(...all) });
  const live = records.filter((record) => !record.IsDeleted);
  const warehouse = embeddedWarehouse({
    file,
    async *mirror() {
      yield live.map(mirrorRow);
    },
  });
  try {
    const { signal } = new AbortController();
    await warehouse.prepare({ signal, onProgress: () => {} });
    const views = {} as Record<WarehouseView, WarehouseRow[]>;
    for (const view of warehouseViews) {
      views[view] = [];
      for await (const rows of warehouse.readView(view, { signal })) views[view].push(...rows);
    }
    return { counts, records, views, updates: effectiveUpdates(live, views.properties_to_update) };
  } finally {
    await warehouse.close();
    rmSync(folder, { recursive: true });
  }
}

function effectiveUpdates(live: readonly OrgSeedRecord[], candidates: readonly WarehouseRow[]): Map<string, FieldDiff[]> {
  const byId = new Map(live.map((record) => [record.Id, record]));
  const diffs = candidates.map((row) => {
    const record = byId.get(String(row['record_id']))!;
    return [record.Id, diffRecord(mapping, 'update', record as Record<string, string | boolean | null>, row)] as const;
  });
  return new Map(diffs.filter(([, fields]) => fields.some((field) => isEffective(field.change))));
}
