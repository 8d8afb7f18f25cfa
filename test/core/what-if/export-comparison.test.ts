import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { exportComparison } from '../../../electron/core/what-if/export-comparison.ts';
import type { RuleTrial } from '../../../electron/core/warehouse-ports.ts';
import type { WhatIfRecord } from '../../../shared/domain/what-if.ts';

const record = (key: string, overrides: Partial<WhatIfRecord>): WhatIfRecord => ({ key, kind: 'update', state: 'change', name: key, inA: true, inB: true, isBeforeKnown: true, contributorCount: 1, fields: [], ...overrides });
const records: WhatIfRecord[] = [
  record('p1', { name: '=1+1', fields: [{ field: 'Name', label: 'Name', before: 'a,b', a: '@x', b: null }] }),
  record('p2', { state: 'enter', inA: false, isBeforeKnown: false, fields: [{ field: 'F__c', label: 'Flag', before: null, a: null, b: true }] }),
];
const trial: RuleTrial = {
  draft: () => Promise.reject(new Error('not asked')),
  run: () => Promise.reject(new Error('not asked')),
  records: async ({ after, limit }) => ({ total: records.length, items: records.slice(Number(after ?? 0), Number(after ?? 0) + Math.min(limit, 1)), next: after === undefined ? '1' : null }),
  close: async () => {},
};

it('a comparison is exported whole, without formulas, saying what is not known, and the export is an event', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-comparison-'));
  const ledger = await openLedger({ folder, threads: false });
  try {
    const desktop = { chooseSaveFile: async (name: string) => join(folder, name) };
    const exported = await exportComparison({ ruleTrial: trial, ledger, desktop, folder }, { id: 'c', view: 'properties_to_update', snapshotId: 'S-0001' }, 'admin');
    expect(exported.records).toBe(2);
    expect(readFileSync(exported.file, 'utf8').trimEnd().split('\n')).toEqual([
      'state,kind,key,name,field,label,salesforce_now,plan_a,plan_b',
      `change,update,p1,"'=1+1",Name,Name,"a,b","'@x",`,
      'enter,update,p2,p2,F__c,Flag,not known,not in plan A,TRUE',
    ]);
    const { events } = await ledger.events({ limit: 1 });
    expect(events[0]).toMatchObject({ type: 'comparison.exported', actor: 'admin', data: { view: 'properties_to_update', snapshotId: 'S-0001', records: 2 } });
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true });
  }
});
