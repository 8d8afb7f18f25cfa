import type { CallInput, CallOutput } from '../../shared/contract.ts';
import type { PlanFileSummary } from '../../shared/domain/plan-file.ts';
import { failure, type FakeState } from './fake-client.ts';
import { itemOf, testMapping } from './made-up-changes.ts';

const hash = '7f3a91c2e05bd4468c1a90ffb2d7716e4e5930ad1c7f0b2286a3d91e5f40c8b7';
const key = '5c9a1d20'.repeat(8);

function summaryOf(): PlanFileSummary {
  const fields = testMapping.fields.slice(0, 4);
  return {
    lineage: 'l-2', batch: { id: 'B-4', name: 'Full 1', snapshotId: 'S-0139', createdBy: 'Admin B', submittedBy: 'Admin B', submittedAt: '2026-11-23T09:41:00.000Z' }, orgName: 'Snappt', approvalsNeeded: 2, selfApproval: false, approvals: [], exportedBy: 'Admin B', exportedAt: '2026-11-23T09:50:00.000Z',
    hash, creates: 11, updates: 89, orgId: '00D5f000004aXyZ', user: { id: '0055f000001', username: 'push@snappt.example' }, apiVersion: '64.0', object: 'Product_Property__c', fields: 312,
    byField: fields.map(({ field, label }, index) => ({ field, label, records: 100 - index * 20 })),
    records: Array.from({ length: 20 }, (_, index) => ({ key: itemOf(index).key, kind: itemOf(index).kind, recordId: null, name: itemOf(index).name, fields: Object.fromEntries(fields.map(({ field }) => [field, { before: null, after: `value ${index}` }])), contributors: [] })),
    fingerprint: key, isOwn: false,
  };
}

/** The calls of an approval by file; a text that is not the made-up plan is refused. */
export function approvalDoubles(state: FakeState) {
  return {
    'batch.export': (): CallOutput<'batch.export'> => ({ file: '/made-up/exports/plan B-1.jsonl', hash, records: 100, approvals: [] }),
    'batch.readExport': ({ text }: CallInput<'batch.readExport'>) => {
      if (text !== 'a made-up plan') throw failure('verification-failed', 'The file is not complete: its end is missing.');
      return summaryOf();
    },
    'batch.sign': (): CallOutput<'batch.sign'> => ({ file: '/made-up/exports/approval B-4.json', hash, by: state.identity, expiresAt: '2026-11-24T09:50:00.000Z', fingerprint: key, approvals: [] }),
  };
}
