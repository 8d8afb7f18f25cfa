import { expect, test } from 'vitest';
import { summarizeEvent } from '../../../shared/domain/summarize-event.ts';
import { auditEventTypes, type NewAuditEvent } from '../../../shared/domain/audit-event.ts';

const facts: Partial<Record<NewAuditEvent['type'], NewAuditEvent['data']>> = {
  'snapshot.loaded': { id: 'S-0007', creates: 3, updates: 4 },
  'decision.made': { label: 'Approved 37 records', reason: 'checked', blocked: 2 },
  'decision.undone': { label: 'Undid: Approved 37 records' },
  'batch.created': { name: 'Full', creates: 3, updates: 4 },
  'batch.renamed': { from: 'Full', to: 'Full 1' },
  'batch.deleted': { name: 'Full' },
  'batch.submitted': { planHash: '7f3a91c240c8b7', creates: 3, updates: 4, fields: 9, overridePilot: 'urgent' },
  'batch.approved': { planHash: '7f3a91c240c8b7', approvals: 1, needed: 2, note: 'seen' },
  'plan.exported': { planHash: '7f3a91c240c8b7', records: 7 },
  'plan.signed': { planHash: '7f3a91c240c8b7', of: 'B-4', note: 'seen' },
  'signer.trusted': { name: 'bob', fingerprint: '5e1c9d0077aa' },
  'batch.rejected': { reason: 'wrong zips' },
  'run.started': { planned: 7, chunks: 2 },
  'run.finished': { counts: { planned: 7, succeeded: 6, failed: 1, stale: 0, skipped: 0, unknown: 0, notSent: 0 } },
  'run.abandoned': { reason: 'wrong zips', notSent: 3, unknown: 1 },
  'chunk.resolved': { chunk: 2, looked: 4, written: 3, untouched: 1, stale: 0 },
  'job.changed': { chunk: 2, jobId: '750x', state: 'closing' },
  'chunk.sending': { chunk: 2, records: 4 },
  'record.pushed': { kind: 'update', key: 'p1', outcome: 'failed', code: 'UNABLE_TO_LOCK_ROW' },
  'pushes.paused': { reason: 'wrong zips' },
  'policy.changed': { approvals: 2 },
  'audit.exported': { events: 14, format: 'csv' },
  'audit.verified': { events: 14, ok: true },
  'views.deploying': { target: 'crm.sfdc_dbx', statements: 3 },
  'views.deployed': { target: 'crm.sfdc_dbx', statements: 3 },
  'views.failed': { target: 'crm.sfdc_dbx', object: 'properties_to_create', statements: 3, done: 1, code: 'permission-denied' },
};

test('an approval by file names who signed it', () => {
  const data = { planHash: '7f3a91c240c8b7', approvals: 2, needed: 2, note: null, by: 'bob' };
  expect(summarizeEvent({ type: 'batch.approved', keys: [], batchId: 'B-1', runId: null, data })).toBe('Approved plan 7f3a91c2 of batch B-1 (2 of 2), signed elsewhere by bob');
});

test('every type of event has its plain line', () => {
  const lines = auditEventTypes.map((type) => summarizeEvent({ type, keys: ['p1'], batchId: 'B-1', runId: 'R-1', data: facts[type] ?? {} }));
  expect(lines).toEqual([
    'Began this ledger',
    'Loaded snapshot S-0007: 3 creates, 4 updates',
    'Approved 37 records: checked, left out 2 with blockers',
    'Undid: Approved 37 records',
    'Drafted batch B-1 "Full": 3 creates, 4 updates',
    'Renamed batch B-1 from "Full" to "Full 1"',
    'Deleted batch B-1 "Full"',
    'Submitted batch B-1 as plan 7f3a91c2: 3 creates, 4 updates, 9 fields, pilot gates overridden: urgent',
    'Approved plan 7f3a91c2 of batch B-1 (1 of 2): seen',
    'Rejected batch B-1: wrong zips',
    'Took batch B-1 back to draft',
    'The approval of batch B-1 expired',
    'Exported plan 7f3a91c2 of batch B-1 for an approval by file: 7 records',
    'Signed plan 7f3a91c2 of batch B-4 in another workspace: seen',
    'Trusted the key 5e1c9d00 as that of bob',
    'Started run R-1: 7 planned, 2 chunks',
    'Resumed run R-1',
    'Stopped run R-1',
    'Finished run R-1: 7 planned, 6 succeeded, 1 failed, 0 stale, 0 skipped, 0 unknown, 0 not sent',
    'Abandoned run R-1: wrong zips: 3 not sent, 1 unknown',
    'Sent chunk 2: 4 records',
    'Looked up 4 open records of chunk 2 in Salesforce: 3 written, 1 untouched, 0 stale',
    'Bulk job 750x of chunk 2: closing',
    'Update of p1: failed (UNABLE_TO_LOCK_ROW)',
    'Paused all pushes: wrong zips',
    'Let pushes go on',
    'Changed the policy: 2 approvals',
    'Exported 14 events as csv',
    'Verified the chain: 14 events, intact',
    'Began to deploy the views to crm.sfdc_dbx: 3 statements',
    'Deployed the views to crm.sfdc_dbx: 3 statements',
    'Could not deploy properties_to_create to crm.sfdc_dbx: 1 of 3 statements were run (permission-denied)',
    'Began to sign in to the warehouse',
    'Stored a token of the warehouse',
    'Forgot the token of the warehouse',
  ]);
});
