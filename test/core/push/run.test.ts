import { afterEach, describe, expect, it } from 'vitest';
import type { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import { stopRun } from '../../../electron/core/push/active-runs.ts';
import { resumeRun } from '../../../electron/core/push/resume.ts';
import { retryBatch } from '../../../electron/core/push/retry.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import { asAda, keyOf, mapping, openWorkbench, outcomesOf, plannedUpdate, planOf, recordIdOf, seededRecord, type PushWorkbench } from './push-workbench.ts';

const batch = { id: 'B-1' };
const writes = { path: '/composite/sobjects$' };
let bench: PushWorkbench;
afterEach(async () => bench.close());

async function errorOf(work: Promise<unknown>): Promise<AppFailure['error']> {
  return work.then(
    () => { throw new Error('It should have been refused.'); },
    (failure: AppFailure) => failure.error,
  );
}

describe('A run', () => {
  it('creates and updates what was approved, in the fewest calls, and reads it back', async () => {
    bench = await openWorkbench(planOf(450, 230));
    await bench.control('DELETE', '/calls');
    const run = await startRun(bench.deps, asAda(), { batch, mode: 'auto' });
    expect(run).toMatchObject({ id: 'R-1', state: 'completed', mode: 'collections', writeCalls: 5 });
    expect(run.counts).toEqual({ planned: 680, succeeded: 680, failed: 0, stale: 0, skipped: 0, unknown: 0, notSent: 0 });
    expect(await bench.control('GET', '/calls')).toMatchObject({ writes: 5 });
    const journal = await bench.journal();
    expect(journal.map(({ operation }) => operation)).toEqual([...Array.from({ length: 450 }, () => 'create'), ...Array.from({ length: 230 }, () => 'update')]);
    expect(new Set(journal.map(({ externalKey }) => externalKey)).size).toBe(680);
    expect((await bench.ledger.batch('B-1'))?.state).toBe('completed');
    expect((await bench.ledger.chunks('R-1')).map(({ operation, records, state }) => `${operation} ${records} ${state}`)).toEqual(['create 200 done', 'create 200 done', 'create 50 done', 'update 200 done', 'update 30 done']);
    expect((await bench.ledger.verify()).ok).toBe(true);
    expect(bench.progress.at(-1)).toMatchObject({ state: 'completed', chunk: 5, chunks: 5, counts: run.counts });
  });

  it('keeps the before-image and tells the audit log what happened to each record', async () => {
    bench = await openWorkbench(planOf(1, 1));
    await startRun(bench.deps, asAda(), { batch, mode: 'auto' });
    const { events } = await bench.ledger.events({ limit: 100 });
    expect(events.map(({ type }) => type).reverse()).toEqual(['ledger.created', 'batch.approved', 'run.started', 'chunk.sending', 'record.pushed', 'chunk.sending', 'record.pushed', 'run.finished']);
    const update = events.find(({ keys, type }) => type === 'record.pushed' && keys[0] === keyOf('update', 1));
    expect(update?.data).toMatchObject({
      before: { City__c: 'Boston', Bank_Linking_Enabled__c: false },
      after: { City__c: 'Denver', Bank_Linking_Enabled__c: true },
      outcome: 'succeeded',
      contributors: [keyOf('update', 1)],
      attempts: 1,
    });
    const [record] = await bench.ledger.runRecords({ runId: 'R-1', states: ['succeeded'], after: { kind: 'update', key: '' }, limit: 1 });
    expect(record?.beforeImage).toHaveProperty('SystemModstamp');
    expect(record?.beforeImage).toMatchObject({ City__c: 'Boston', Bank_Linking_Enabled__c: false });
    const created = (await outcomesOf(bench.ledger)).get(keyOf('create', 1));
    expect(created?.salesforceId).toMatch(/^a0P\w{15}$/u);
  });

  it('writes only fields that still differ and leaves alone what changed since the review', async () => {
    bench = await openWorkbench(planOf(3, 6), { chunkSize: 4 });
    const created = { Name: 'New 1', City__c: 'Austin', Bank_Linking_Enabled__c: true, Bank_Linking_Enabled_At__c: '2026-01-02T03:04:05.000Z' };
    const signal = new AbortController().signal;
    await bench.org.insert({ object: mapping.object, records: [{ ...created, Snappt_Property_ID__c: keyOf('create', 1) }, { ...created, Name: 'Another', Snappt_Property_ID__c: keyOf('create', 2) }] }, signal);
    await bench.control('PATCH', `/records/${recordIdOf(1)}`, { City__c: 'Denver' });
    await bench.control('PATCH', `/records/${recordIdOf(2)}`, { City__c: 'Denver', Bank_Linking_Enabled__c: true });
    await bench.control('PATCH', `/records/${recordIdOf(3)}`, { City__c: 'Chicago' });
    await bench.control('DELETE', `/records/${recordIdOf(4)}`);
    await bench.control('PATCH', `/records/${recordIdOf(5)}`, { Snappt_Property_ID__c: 'old-moved' });
    await bench.control('PATCH', `/records/${recordIdOf(6)}`, { Zip__c: '78701' });
    const before = (await bench.journal()).length;
    const run = await startRun(bench.deps, asAda(), { batch, mode: 'auto' });
    expect(run.state).toBe('completed-with-errors');
    expect(run.counts).toEqual({ planned: 9, succeeded: 3, failed: 0, stale: 4, skipped: 2, unknown: 0, notSent: 0 });
    const found = await outcomesOf(bench.ledger);
    expect(Object.fromEntries([...found].map(([key, { outcome, code }]) => [key, `${outcome} ${code}`]))).toEqual({
      'new-00001': 'skipped ALREADY_EQUAL',
      'new-00002': 'stale ALREADY_EXISTS',
      'new-00003': 'succeeded null',
      'old-00001': 'succeeded null',
      'old-00002': 'skipped ALREADY_EQUAL',
      'old-00003': 'stale CHANGED_SINCE_REVIEW',
      'old-00004': 'stale ENTITY_IS_DELETED',
      'old-00005': 'stale KEY_CHANGED',
      'old-00006': 'succeeded null',
    });
    expect(found.get('old-00003')).toMatchObject({ fields: ['City__c'], now: { City__c: 'Chicago', Bank_Linking_Enabled__c: false } });
    const journal = (await bench.journal()).slice(before);
    expect(journal.map(({ externalKey, operation }) => `${operation} ${externalKey}`)).toEqual(['create new-00003', 'update old-00001', 'update old-00006']);
    expect(journal[1]?.after).not.toHaveProperty('City__c');
    expect((await bench.ledger.batch('B-1'))?.state).toBe('completed-with-errors');
  });

  it('reports refusals as outcomes and retries only what failed, as a new run', async () => {
    bench = await openWorkbench(planOf(2, 2));
    await bench.addFault({ match: writes, times: -1, action: { recordErrors: [{ key: keyOf('create', 2), statusCode: 'STRING_TOO_LONG', message: 'Name: data value too large', fields: ['Name'] }] } });
    await bench.addFault({ match: writes, action: { recordErrors: [{ key: keyOf('update', 2), statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'City is frozen', fields: ['City__c'] }] } });
    const run = await startRun(bench.deps, asAda(), { batch, mode: 'collections' });
    expect(run.counts).toMatchObject({ planned: 4, succeeded: 2, failed: 2 });
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 2))).toMatchObject({ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'City is frozen', fields: ['City__c'] });
    const retried = await retryBatch(bench.deps, asAda(), { batch });
    expect(retried).toMatchObject({ id: 'R-2', retryOf: 'R-1', state: 'completed-with-errors', counts: { planned: 2, succeeded: 1, failed: 1 } });
    expect((await outcomesOf(bench.ledger)).get(keyOf('create', 2))).toMatchObject({ outcome: 'failed', code: 'STRING_TOO_LONG' });
    expect((await bench.ledger.batch('B-1'))?.outcomes).toMatchObject({ planned: 4, succeeded: 3, failed: 1 });
    expect((await bench.journal()).map(({ externalKey }) => externalKey)).toEqual(['new-00001', 'old-00001', 'old-00002']);
  });

  it('updates records whatever their Ids look like, as a folder of CSV files may name them', async () => {
    const ids = ['id-1', 'property-record-00001', 'property-record-00002', '001000000000001AAA'];
    const plan = ids.map((recordId, index) => plannedUpdate(index + 1, { recordId }));
    bench = await openWorkbench(plan, { seed: ids.map((Id, index) => ({ ...seededRecord(index + 1), Id })) });
    expect(await startRun(bench.deps, asAda(), { batch, mode: 'auto' })).toMatchObject({ state: 'completed', counts: { succeeded: 4 }, writeCalls: 1 });
  });

  it('fails a record whose values were changed by the org right after the write', async () => {
    bench = await openWorkbench(planOf(0, 2));
    const { readByIds } = bench.org;
    let reads = 0;
    const org = {
      ...bench.org,
      readByIds: async (...args: Parameters<typeof readByIds>) => {
        reads += 1;
        if (reads === 2) await bench.control('PATCH', `/records/${recordIdOf(2)}`, { City__c: 'Automated' });
        return readByIds(...args);
      },
    };
    const run = await startRun({ ...bench.deps, org }, asAda(), { batch, mode: 'auto' });
    expect(run.counts).toMatchObject({ succeeded: 1, failed: 1 });
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 2))).toMatchObject({ code: 'READ_BACK_DIFFERS', fields: ['City__c'], now: { City__c: 'Automated' } });
  });
});

describe('A run is refused', () => {
  it('when its batch is taken back while the org is asked who it is, and nothing of it is stored', async () => {
    bench = await openWorkbench(planOf(1, 1));
    const org: Org = {
      ...bench.org,
      identity: async (signal) => {
        await bench.ledger.commit({ events: [{ type: 'batch.rejected', actor: 'bob', batchId: 'B-1', runId: null, keys: [], data: {} }], writes: [{ write: 'batch.change', batchId: 'B-1', change: { state: 'rejected' } }] });
        return bench.org.identity(signal);
      },
    };
    expect(await errorOf(startRun({ ...bench.deps, org }, asAda(), { batch, mode: 'auto' }))).toMatchObject({ details: { rule: 'wrong-state' } });
    expect(await bench.ledger.batch('B-1')).toMatchObject({ state: 'rejected', runId: null });
    expect(await bench.ledger.runs(null)).toEqual([]);
    expect(await bench.journal()).toEqual([]);
    expect(bench.deps.active.current).toBeNull();
  });

  it('a second time, while paused, and at the wrong org', async () => {
    bench = await openWorkbench(planOf(1, 0));
    const pause = { by: 'bob', at: bench.clock.now(), reason: 'Rollback' };
    await bench.ledger.commit({ events: [{ type: 'pushes.paused', actor: 'bob', batchId: null, runId: null, keys: [], data: {} }], writes: [{ write: 'pause.set', pause }] });
    expect(await errorOf(startRun(bench.deps, asAda(), { batch, mode: 'auto' }))).toMatchObject({ details: { rule: 'paused' } });
    await bench.ledger.commit({ events: [{ type: 'pushes.resumed', actor: 'bob', batchId: null, runId: null, keys: [], data: {} }], writes: [{ write: 'pause.set', pause: null }] });
    const elsewhere = { ...bench.org, identity: async (signal: AbortSignal) => ({ ...(await bench.org.identity(signal)), orgId: '00D000000000099EAA' }) };
    expect(await errorOf(startRun({ ...bench.deps, org: elsewhere }, asAda(), { batch, mode: 'auto' }))).toMatchObject({ details: { rule: 'wrong-org' } });
    const otherMapping = { ...bench.deps, mapping: { ...mapping, object: 'Other__c' } };
    expect(await errorOf(startRun(otherMapping, asAda(), { batch, mode: 'auto' }))).toMatchObject({ details: { rule: 'plan-changed' } });
    const [first, second] = await Promise.allSettled([startRun(bench.deps, asAda(), { batch, mode: 'auto' }), startRun(bench.deps, asAda(), { batch, mode: 'auto' })]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { error: { details: { rule: 'run-active' } } } });
    expect(await errorOf(startRun(bench.deps, asAda(), { batch, mode: 'auto' }))).toMatchObject({ details: { rule: 'plan-consumed' } });
    expect(await errorOf(retryBatch(bench.deps, asAda(), { batch }))).toMatchObject({ details: { rule: 'wrong-state' } });
    expect(await errorOf(resumeRun(bench.deps, asAda(), { runId: 'R-1' }))).toMatchObject({ details: { rule: 'wrong-state' } });
    expect(await errorOf(resumeRun(bench.deps, asAda(), { runId: 'R-9' }))).toMatchObject({ code: 'not-found' });
    expect(() => stopRun(bench.deps.active, 'R-1', 'ben')).toThrow(/not at work/u);
    expect(await bench.journal()).toHaveLength(1);
  });
});

describe('A run stops', () => {
  it('after the chunk at work on request, on an abort and on a pause, and goes on when resumed', async () => {
    bench = await openWorkbench(planOf(4, 4), { chunkSize: 2 });
    const abort = new AbortController();
    let stopAt: () => Promise<void> | void = () => stopRun(bench.deps.active, 'R-1', 'ben');
    const stopping = { ...bench.deps, emit: ((name: string, payload: { chunk: number; state: string }) => {
      if (name === 'run.progress' && payload.chunk > 0 && payload.state === 'running') void stopAt();
    }) as typeof bench.deps.emit };
    expect(await startRun(stopping, asAda(abort.signal), { batch, mode: 'auto' })).toMatchObject({ state: 'stopped', counts: { succeeded: 2, notSent: 6 } });
    expect((await bench.ledger.batch('B-1'))?.state).toBe('pushing');
    stopAt = () => abort.abort();
    expect(await resumeRun(stopping, asAda(abort.signal), { runId: 'R-1' })).toMatchObject({ state: 'stopped', counts: { succeeded: 4, notSent: 4 } });
    const pause = { by: 'bob', at: bench.clock.now(), reason: 'Wait' };
    stopAt = () => bench.ledger.commit({ events: [{ type: 'pushes.paused', actor: 'bob', batchId: null, runId: null, keys: [], data: {} }], writes: [{ write: 'pause.set', pause }] }).then(() => undefined);
    expect(await resumeRun(stopping, asAda(), { runId: 'R-1' })).toMatchObject({ state: 'stopped', counts: { succeeded: 6, notSent: 2 } });
    expect(await errorOf(resumeRun(bench.deps, asAda(), { runId: 'R-1' }))).toMatchObject({ details: { rule: 'paused' } });
    await bench.ledger.commit({ events: [{ type: 'pushes.resumed', actor: 'bob', batchId: null, runId: null, keys: [], data: {} }], writes: [{ write: 'pause.set', pause: null }] });
    expect(await resumeRun(bench.deps, asAda(), { runId: 'R-1' })).toMatchObject({ state: 'completed', writeCalls: 4, counts: { planned: 8, succeeded: 8 } });
    expect(await bench.journal()).toHaveLength(8);
    const { events } = await bench.ledger.events({ limit: 100, type: 'run.stopped' });
    expect(events.map(({ data }) => data['code'])).toEqual(['paused', 'stop-requested', 'stop-requested']);
  });
});
