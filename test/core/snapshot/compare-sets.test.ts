import { expect, test } from 'vitest';
import type { CheckHit, SnapshotWriter, StoredOrgRecord, Warehouse, WarehouseRow } from '../../../electron/core/ports.ts';
import { compareSets } from '../../../electron/core/snapshot/compare-sets.ts';
import { mapping } from './workspace.ts';

const rowOf = (key: string): WarehouseRow => ({
  snappt_property_id: key,
  record_id: `a0P${key}`,
  sfdc_key: null,
  contributing_property_ids: JSON.stringify([key]),
  ignored_property_ids: '[]',
  primary_property_id: key,
  priority: 'P3',
  ...Object.fromEntries(mapping.fields.flatMap(({ column, type }) => [[column, type === 'flag' ? false : 'x'], [`${column}_winner_id`, null]])),
});
const recordOf = (key: string): StoredOrgRecord => ({ key, id: `a0P${key}`, productionId: null, values: mapping.fields.map(() => null) });

interface Sets {
  creates?: readonly (readonly string[])[];
  updates?: readonly (readonly string[])[];
  inOrg?: readonly string[];
}

/** Compares sets given as batches of keys, and tells what was stored in which order. */
async function compare({ creates = [], updates = [], inOrg = [] }: Sets, options: { signal?: AbortSignal; store?(keys: readonly string[]): Promise<void> } = {}) {
  const stored: string[] = [];
  const hits: CheckHit[] = [];
  const warehouse: Pick<Warehouse, 'readView'> = {
    async *readView(view) {
      for (const keys of view === 'properties_to_create' ? creates : updates) yield keys.map(rowOf);
    },
  };
  const writer: Pick<SnapshotWriter, 'addCandidates' | 'addHits'> = {
    async addCandidates(changes) {
      await options.store?.(changes.map(({ key }) => key));
      stored.push(...changes.map(({ kind, key }) => `${kind} ${key}`));
    },
    async addHits(found) {
      hits.push(...found);
    },
  };
  const found = await compareSets({
    warehouse: warehouse as Warehouse,
    mapping,
    values: { recordsRead: () => inOrg.length, find: async (keys) => keys.filter((key) => inOrg.includes(key)).map(recordOf) },
    writer: writer as SnapshotWriter,
    signal: options.signal ?? new AbortController().signal,
    onRows: () => {},
  });
  return { found, stored, hits: hits.map(({ checkId, key }) => `${checkId} ${key}`) };
}

test('candidates are stored in the order of the views, creates first, each batch with its own records of the org', async () => {
  const result = await compare({ creates: [['a', 'b'], ['c']], updates: [['d'], ['e', 'f'], ['g']], inOrg: ['d', 'e', 'f', 'g'] });
  expect(result).toEqual({ found: { alreadyInOrg: 0, goneFromOrg: 0 }, stored: ['create a', 'create b', 'create c', 'update d', 'update e', 'update f', 'update g'], hits: [] });
});

test('a create that the org has is told apart from one whose key has white space at its ends', async () => {
  const result = await compare({ creates: [['a', ' b ']], updates: [['c']], inOrg: ['a'] });
  expect(result.found).toEqual({ alreadyInOrg: 1, goneFromOrg: 1 });
  expect(result.hits).toEqual(['already-in-org a', 'key-white-space  b ', 'gone-from-org c']);
});

test('what the writer throws for an earlier batch ends the comparison', async () => {
  const store = async (keys: readonly string[]): Promise<void> => {
    if (keys.includes('b')) throw new Error('The disk is full.');
  };
  await expect(compare({ creates: [['a'], ['b'], ['c'], ['d']] }, { store })).rejects.toThrow('The disk is full.');
  await expect(compare({ creates: [['a'], ['b']] }, { store })).rejects.toThrow('The disk is full.');
});

test('a cancelled comparison ends between two batches', async () => {
  const controller = new AbortController();
  const store = async (keys: readonly string[]): Promise<void> => {
    if (keys.includes('b')) controller.abort();
  };
  await expect(compare({ creates: [['a'], ['b'], ['c'], ['d']] }, { signal: controller.signal, store })).rejects.toMatchObject({ error: { code: 'cancelled' } });
});
