import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOrgRecordStore } from '../../../../electron/adapters/sqlite/cache/org-record-store.ts';
import { valueLimits } from '../../../../electron/adapters/sqlite/cache/checks/value-checks.ts';
import { candidateLines, orgRecordLines, propertyLines, readCandidateLines, readOrgRecordLines, readPropertyLines, readStagingLines, stagingLines } from '../../../../electron/adapters/sqlite/cache/snapshot-lines.ts';
import { candidateRow, pendingBodyRow, pendingRow, propertyRow, reviewRow, rowShape, stagingRow } from '../../../../electron/adapters/sqlite/cache/snapshot-rows.ts';
import { change, mapping, property } from './made-up-changes.ts';

const shape = rowShape(mapping);
const limits = valueLimits(mapping, null);
/** Texts with everything that could be taken for the end of a line. */
const text = fc.string({ unit: fc.constantFrom('a', 'Ä', '\n', '\r', '\u2028', '\u0085', '\0', '"', '\\', '\u{1F3E2}', '|', ',') });

test('properties and staging records come out of their lines as they went in', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
      const properties = texts.map((name, at) => property(`p${at}`, { name, status: name }));
      expect(readPropertyLines(propertyLines(shape, properties))).toEqual(properties.map((row) => {
        const { cells, values } = propertyRow(shape, row);
        return [...cells, values];
      }));
      const records = texts.map((key) => ({ id: 'a', snappt_property_id_c: key, sf_property_id_c: null, is_deleted: false }));
      expect(readStagingLines(stagingLines(records))).toEqual(records.map(stagingRow));
    }),
  );
});

test('candidates come out of their lines as they went in, with what their values are found guilty of', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
      const changes = texts.map((name, at) => change({ key: `k${at}${name}`, kind: at % 2 === 0 ? 'create' : 'update', name, members: [name, 'b'], ignored: ['c'] }));
      const rows = readCandidateLines(candidateLines(shape, limits, changes));
      expect(rows.map(({ hits: _, ...rest }) => rest)).toEqual(changes.map((one) => ({
        candidate: candidateRow(one),
        pending: pendingRow(shape, one),
        review: reviewRow(shape, one),
        body: pendingBodyRow(one),
        contributors: one.contributors,
        ignored: one.ignored,
      })));
    }),
  );
  const [long] = readCandidateLines(candidateLines(shape, limits, [change({ key: 'k', kind: 'update', name: 'x'.repeat(81) })]));
  expect(long?.hits).toEqual([['text-too-long', 'Name has 81 of at most 80 characters']]);
});

test('a candidate that is not pending keeps its members only', () => {
  const same = { ...change({ key: 'k', kind: 'update', members: ['a', 'b'], ignored: ['c'] }), isPending: false };
  expect(readCandidateLines(candidateLines(shape, limits, [same]))).toMatchObject([{ candidate: candidateRow(same), pending: null, contributors: ['a', 'b'], ignored: ['c'], hits: [] }]);
});

test('records of the org are found by their keys letter by letter, as they went in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 8 }), (keys) => {
      const store = createOrgRecordStore();
      const records = keys.map((key, at) => ({ key, id: `a0P${at}`, productionId: at % 2 === 0 ? null : key, values: [key, true, null, at] }));
      store.add(orgRecordLines(records));
      expect(readOrgRecordLines(store.find([...keys, 'unknown']))).toEqual(records);
      store.close();
    }),
    { numRuns: 50 },
  );
  const store = createOrgRecordStore();
  const record = (key: string, id: string) => ({ key, id, productionId: null, values: [] });
  store.add(orgRecordLines([record('k', '1'), record('K', '2')]));
  store.add(orgRecordLines([record('k', '3')]));
  expect(readOrgRecordLines(store.find(['k']))).toEqual([record('k', '1'), record('k', '3')]);
  expect(readOrgRecordLines(store.find([]))).toEqual([]);
  store.close();
});
