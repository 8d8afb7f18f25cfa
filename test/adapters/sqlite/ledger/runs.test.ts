import { expect, test } from 'vitest';
import type { LedgerStore } from '../../../../electron/adapters/sqlite/ledger/ledger-store.ts';
import type { LedgerWrite, RecordIntent, RecordResult, RunRow } from '../../../../electron/core/ledger-ports.ts';
import type { PlanRecord } from '../../../../shared/domain/plan.ts';
import { aBatch, anEvent, aPlanRecord, mapping, openStore, tamper, temporaryFolder } from './temporary-ledger.ts';

function aRun(facts: Partial<RunRow> = {}): RunRow {
  return { id: 'R-1', batchId: 'B-1', state: 'running', mode: 'collections', why: null, startedBy: 'ann', startedAt: '2026-11-23T12:00:00.000Z', endedAt: null, apiCalls: 0, writeCalls: 0, seconds: 0, retryOf: null, stopReason: null, ...facts };
}

function aResult(key: string, state: RecordResult['state'], facts: Partial<RecordResult> = {}): RecordResult {
  return { key, kind: 'update', state, code: null, message: null, fields: [], salesforceId: null, now: null, ...facts };
}

const intent = (key: string): RecordIntent => ({ key, kind: 'update', chunk: 1, beforeImage: { City__c: 'Austin' }, sent: { City__c: 'Dallas' }, sentAt: null });

function commit(store: LedgerStore, ...writes: LedgerWrite[]): void {
  store.commit({ events: [anEvent({ batchId: 'B-1' })], writes });
}

function planned(store: LedgerStore, records: readonly PlanRecord[]): void {
  commit(
    store,
    { write: 'batch.put', batch: aBatch({ state: 'approved' }) },
    { write: 'plan.records', batchId: 'B-1', records },
    { write: 'plan.header', batchId: 'B-1', header: { version: 1, orgId: '00D', apiVersion: '64.0', mapping }, hash: 'h' },
  );
}

function started(keys: readonly string[]): { store: LedgerStore; folder: string } {
  const folder = temporaryFolder();
  const store = openStore(folder);
  planned(store, keys.map((key) => aPlanRecord({ key })));
  commit(store, { write: 'run.start', run: aRun(), retryOf: null }, { write: 'batch.put', batch: aBatch({ state: 'pushing' }) });
  return { store, folder };
}

test('a run begins with every record of the plan, in order of kind and key bytes, and is counted by state', () => {
  const { store } = started(['b', 'Z', 'ä', 'a', '10', '9']);
  expect(store.runRecords({ runId: 'R-1', states: ['planned'], after: null, limit: 4 }).map(({ key }) => key)).toEqual(['10', '9', 'Z', 'a']);
  expect(store.runRecords({ runId: 'R-1', states: ['planned'], after: { key: 'a', kind: 'update' }, limit: 4 }).map(({ key }) => key)).toEqual(['b', 'ä']);
  commit(store, { write: 'record.intents', runId: 'R-1', intents: [intent('a'), intent('b')] });
  commit(store, { write: 'record.results', runId: 'R-1', results: [aResult('a', 'succeeded', { salesforceId: 'a01' })] });
  expect(store.run('R-1')?.counts).toEqual({ planned: 6, succeeded: 1, failed: 0, stale: 0, skipped: 0, unknown: 1, notSent: 4 });
  expect(store.batch('B-1')).toMatchObject({ runId: 'R-1', outcomes: { planned: 6, succeeded: 1, unknown: 1, notSent: 4 } });
  expect(store.runRecords({ runId: 'R-1', states: ['sending'], after: null, limit: 9 })).toMatchObject([{ key: 'b', attempts: 1, chunk: 1, beforeImage: { City__c: 'Austin' }, sent: { City__c: 'Dallas' } }]);
});

test('a succeeded record keeps its outcome and is never sent again', () => {
  const { store } = started(['a']);
  commit(store, { write: 'record.intents', runId: 'R-1', intents: [intent('a')] });
  commit(store, { write: 'record.results', runId: 'R-1', results: [aResult('a', 'succeeded', { salesforceId: 'a01' })] });
  expect(() => commit(store, { write: 'record.results', runId: 'R-1', results: [aResult('a', 'failed')] })).toThrow('final outcome');
  expect(() => commit(store, { write: 'record.intents', runId: 'R-1', intents: [intent('a')] })).toThrow('not open');
  expect(store.run('R-1')?.counts.succeeded).toBe(1);
});

test('a plan runs once and cannot be changed afterwards', () => {
  const { store } = started(['a']);
  expect(() => commit(store, { write: 'run.start', run: aRun({ id: 'R-2' }), retryOf: null })).toThrow('pushed already');
  expect(() => store.commit({ events: [], writes: [{ write: 'plan.clear', batchId: 'B-1' }] })).toThrow('was changed');
  expect(() => commit(store, { write: 'approval.drop', batchId: 'B-1' })).not.toThrow();
  expect(store.planRecords('B-1', null, 9)).toHaveLength(1);
});

test('a retry takes only what failed, and each record counts by its newest run', () => {
  const { store } = started(['a', 'b', 'c', 'd']);
  const refused = { code: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access', fields: ['City__c'] };
  commit(store, { write: 'record.intents', runId: 'R-1', intents: ['a', 'b', 'c', 'd'].map(intent) });
  commit(store, { write: 'record.results', runId: 'R-1', results: [aResult('a', 'succeeded', { salesforceId: 'a01' }), aResult('b', 'failed', refused), aResult('c', 'failed', { ...refused, fields: ['Zip__c'] }), aResult('d', 'stale', { code: 'CHANGED_SINCE_REVIEW', now: { City__c: 'Waco' } })] });
  expect(store.errorGroups('B-1')).toEqual([
    { outcome: 'failed', code: 'UNABLE_TO_LOCK_ROW', count: 2, message: refused.message, fields: ['City__c', 'Zip__c'] },
    { outcome: 'stale', code: 'CHANGED_SINCE_REVIEW', count: 1, message: null, fields: [] },
  ]);
  commit(store, { write: 'run.start', run: aRun({ id: 'R-2', retryOf: 'R-1' }), retryOf: 'R-1' });
  expect(store.runRecords({ runId: 'R-2', states: ['planned'], after: null, limit: 9 }).map(({ key }) => key)).toEqual(['b', 'c']);
  commit(store, { write: 'record.intents', runId: 'R-2', intents: [intent('b')] });
  commit(store, { write: 'record.results', runId: 'R-2', results: [aResult('b', 'succeeded', { salesforceId: 'a01' })] });
  expect(store.batch('B-1')?.outcomes).toEqual({ planned: 4, succeeded: 2, failed: 0, stale: 1, skipped: 0, unknown: 0, notSent: 1 });
  expect(store.run('R-1')?.counts.failed).toBe(2);
  const page = store.outcomes({ batchId: 'B-1', outcome: null, code: null, chunk: null, after: null, limit: 3 });
  expect([page.total, page.items.map(({ key, outcome }) => `${key} ${outcome}`)]).toEqual([4, ['a succeeded', 'b succeeded', 'c notSent']]);
  const rest = store.outcomes({ batchId: 'B-1', outcome: null, code: null, chunk: null, after: page.next, limit: 3 });
  expect(rest).toMatchObject({ next: null, items: [{ key: 'd', outcome: 'stale', code: 'CHANGED_SINCE_REVIEW', before: { City__c: 'Austin' }, after: { City__c: 'Dallas' }, now: { City__c: 'Waco' } }] });
  expect(store.outcomes({ batchId: 'B-1', outcome: 'stale', code: null, chunk: null, after: null, limit: 3 }).total).toBe(1);
  expect(() => store.outcomes({ batchId: 'B-1', outcome: null, code: null, chunk: null, after: 'junk', limit: 3 })).toThrow('cursor');
});

test('a state that does not exist is refused by the file itself', () => {
  const { folder } = started(['a']);
  tamper(folder, (db) => expect(() => db.exec(`UPDATE run_record SET state = 'fine'`)).toThrow('CHECK'));
});

test('a batch that changed since it was seen is not changed again, and a plan is cleared only in a draft', () => {
  const store = openStore(temporaryFolder());
  commit(store, { write: 'batch.put', batch: aBatch({ state: 'submitted', planHash: 'one' }) });
  const change = (seen: { state: 'submitted' | 'approved'; planHash: string; submittedAt?: string }) => commit(store, { write: 'batch.change', batchId: 'B-1', seen: { submittedAt: null, ...seen }, change: { state: 'approved' } });
  expect(() => change({ state: 'submitted', planHash: 'two' })).toThrow('was changed');
  expect(() => change({ state: 'approved', planHash: 'one' })).toThrow('was changed');
  expect(() => change({ state: 'submitted', planHash: 'one', submittedAt: '2026-11-26T12:00:00.000Z' })).toThrow('was changed');
  expect(() => commit(store, { write: 'batch.change', batchId: 'B-2', change: {} })).toThrow('was changed');
  expect(() => commit(store, { write: 'plan.clear', batchId: 'B-1' })).toThrow('was changed');
  expect(store.batch('B-1')?.state).toBe('submitted');
  change({ state: 'submitted', planHash: 'one' });
  expect(store.batch('B-1')).toMatchObject({ state: 'approved', name: 'Batch one' });
});

test('a record takes only the steps that there are, and its outcome is final', () => {
  const { store } = started(['a', 'b']);
  const step = (key: string, state: RecordResult['state']) => () => commit(store, { write: 'record.results', runId: 'R-1', results: [aResult(key, state)] });
  expect(step('a', 'succeeded'), 'no success without an intent').toThrow('only after an intent');
  expect(step('a', 'unknown')).toThrow('cannot take this step');
  commit(store, { write: 'record.intents', runId: 'R-1', intents: [intent('a'), intent('b')] });
  step('a', 'unknown')();
  step('a', 'failed')();
  for (const state of ['planned', 'sending', 'succeeded', 'stale', 'unknown'] as const) expect(step('a', state)).toThrow();
  expect(store.run('R-1')?.counts).toMatchObject({ planned: 2, failed: 1, unknown: 1 });
});

test('the database refuses to call a run or batch completed while a record failed, is open or was not sent', () => {
  const { store } = started(['a', 'b']);
  const end = (state: RunRow['state']) => () => commit(store, { write: 'run.put', run: aRun({ state }) });
  expect(end('completed')).toThrow('is not completed');
  expect(end('completed-with-errors')).toThrow('has not ended');
  commit(store, { write: 'record.intents', runId: 'R-1', intents: [intent('a'), intent('b')] });
  commit(store, { write: 'record.results', runId: 'R-1', results: [aResult('a', 'failed'), aResult('b', 'succeeded', { salesforceId: 'b01' })] });
  expect(end('completed')).toThrow('is not completed');
  expect(() => commit(store, { write: 'batch.change', batchId: 'B-1', change: { state: 'completed' } })).toThrow('is not completed');
  expect(end('completed-with-errors')).not.toThrow();
});

test('counts that do not add up cannot be stored, whoever writes them', () => {
  const { store, folder } = started(['a', 'b']);
  store.close();
  tamper(folder, (db) => {
    expect(() => db.exec('UPDATE run_tally SET planned = planned - 1')).toThrow('counts_add_up');
    expect(() => db.exec('UPDATE run_tally SET planned = planned - 1, succeeded = succeeded + 1, failed = failed - 1, total = total - 1')).toThrow();
  });
});
