import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import type { ReviewMark } from '../../../../shared/domain/review.ts';
import { summarizeEvent } from '../../../../shared/domain/summarize-event.ts';
import { aBatch, aPlanRecord, anEvent, choose, openStore, temporaryFolder, writePending } from './temporary-ledger.ts';

const a = { key: 'a', kind: 'update' } as const;
const b = { key: 'b', kind: 'update' } as const;

/** The marks that hold for what is pending, as a reader sees them. */
function marksIn(folder: string): Record<string, string> {
  const db = openDatabase(`${folder}/ledger.db`, { readonly: true, durability: 'full' });
  db.prepare('ATTACH ? AS cache').run(`${folder}/cache.db`);
  const rows = db.prepare('SELECT p.key, m.mark FROM cache.pending p JOIN review_mark m ON m.key = p.key AND m.kind = p.kind AND m.content_hash = p.content_hash').all() as { key: string; mark: string }[];
  db.close();
  return Object.fromEntries(rows.map(({ key, mark }) => [key, mark]));
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppFailure) return `${String(error.error.details['rule'] ?? error.error.code)}: ${error.message}`;
    throw error;
  }
  return 'done';
}

describe('a review mark', () => {
  const open = () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    writePending(folder, [{ key: 'a' }, { key: 'b' }, { key: 'c', blockers: 1 }]);
    return { folder, store, mark: (mark: ReviewMark, item: { key: string; kind: 'update' } = a) => store.mark({ item, mark, actor: 'ann' }) };
  };

  test('survives a restart, and goes when the content changes; it comes back with the old content', () => {
    const { folder, store, mark } = open();
    mark('flagged');
    store.close();
    const again = openStore(folder);
    expect(marksIn(folder)).toEqual({ a: 'flagged' });
    writePending(folder, [{ key: 'a', hash: 'other' }]);
    expect(marksIn(folder)).toEqual({});
    again.mark({ item: a, mark: 'viewed', actor: 'ann' });
    expect(marksIn(folder), 'a flag on other content does not stand in the way').toEqual({ a: 'viewed' });
  });

  test.each<[ReviewMark, ReviewMark, string]>([
    ['flagged', 'viewed', 'flagged'],
    ['later', 'viewed', 'later'],
    ['flagged', 'later', 'later'],
    ['later', 'flagged', 'flagged'],
    ['flagged', 'unseen', 'unseen'],
    ['viewed', 'flagged', 'flagged'],
    ['viewed', 'unseen', 'unseen'],
  ])('that is %s and is then set to %s is %s', (standing, asked, is) => {
    const { folder, mark } = open();
    mark(standing);
    mark(asked);
    expect(marksIn(folder)).toEqual({ a: is });
  });

  test('comes with a decision by name, but not with one on a whole filter, and leaves a flag alone', () => {
    const { folder, store, mark } = open();
    mark('flagged', b);
    store.decide({ selection: { filter: '', except: [] }, chosen: choose(folder), decision: 'approve', reason: null, actor: 'ann' });
    expect(marksIn(folder)).toEqual({ b: 'flagged' });
    mark('later');
    store.decide({ selection: { items: [a, b] }, decision: 'hold', reason: null, actor: 'ann' });
    expect(marksIn(folder)).toEqual({ a: 'viewed', b: 'flagged' });
    store.undo({ undoId: null, actor: 'ann' });
    expect(marksIn(folder), 'what was seen stays seen').toEqual({ a: 'viewed', b: 'flagged' });
  });

  test('needs a pending record, and leaves no trace in the audit log', () => {
    const { folder, store, mark } = open();
    expect(messageOf(() => mark('viewed', { key: 'x', kind: 'update' }))).toBe('not-found: The update of x is not pending.');
    mark('viewed');
    expect(store.chainHead().events).toBe(1);
    expect(marksIn(folder)).toEqual({ a: 'viewed' });
  });
});

describe('a comment', () => {
  test('is told by the log, stays when the content changes, and then says that it is about something else', () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    writePending(folder, [{ key: 'a' }]);
    const said = store.addComment({ item: a, text: 'Zip is wrong', actor: 'ann' });
    expect(said).toMatchObject({ actor: 'ann', text: 'Zip is wrong', isAboutThis: true });
    writePending(folder, [{ key: 'a', hash: 'other' }]);
    store.addComment({ item: a, text: 'Fixed', actor: 'bob' });
    expect(store.comments('a', 'other').map(({ text, isAboutThis }) => [text, isAboutThis])).toEqual([['Zip is wrong', false], ['Fixed', true]]);
    const { events } = store.events({ key: 'a', limit: 10 });
    expect(events.map((event) => [event.seq, event.actor, summarizeEvent(event)])).toEqual([[3, 'bob', 'Commented: Fixed'], [said.seq, 'ann', 'Commented: Zip is wrong']]);
    expect(messageOf(() => store.addComment({ item: b, text: 'x', actor: 'ann' }))).toBe('not-found: The update of b is not pending.');
    expect(store.chainHead().events).toBe(3);
  });

  test('that cannot be stored leaves no event either', () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    writePending(folder, [{ key: 'a' }]);
    const db = openDatabase(`${folder}/ledger.db`, { durability: 'full' });
    db.exec("CREATE TRIGGER fault BEFORE INSERT ON comment BEGIN SELECT RAISE(ABORT, 'made-up fault'); END");
    db.close();
    expect(() => store.addComment({ item: a, text: 'x', actor: 'ann' })).toThrow('made-up fault');
    expect([store.chainHead().events, store.comments('a', 'hash-a')]).toEqual([1, []]);
    expect(store.verify().ok).toBe(true);
  });
});

describe('a random draw', () => {
  test('goes on with its seed and grows, however its filter is spelled', () => {
    const store = openStore(temporaryFolder());
    const draw = (filter: string, size: number, seed: string) => store.drawSample({ filter, size, seed, snapshotId: 'S-0001', actor: 'ann' });
    expect(store.sample('kind:update')).toBeNull();
    expect(draw('kind:update', 50, 'one')).toMatchObject({ id: 'D-1', filter: 'kind:update', seed: 'one', size: 50, by: 'ann' });
    expect(draw('  kind:"update"', 100, 'two')).toMatchObject({ id: 'D-2', seed: 'one', size: 100 });
    expect(draw('', 50, 'three')).toMatchObject({ id: 'D-3', seed: 'three' });
    expect(store.sample('kind:update ')).toMatchObject({ id: 'D-2', size: 100 });
    expect(messageOf(() => draw('kind:update', 100, 'four'))).toBe('nothing-to-do: 100 records were drawn from this filter already. Draw more than that.');
    expect(messageOf(() => draw('colour:red', 5, 'x'))).toMatch(/^invalid-input: /u);
    expect(store.events({ type: 'sample.drawn', limit: 10 }).events.map(summarizeEvent)).toEqual([
      'Drew 50 records at random from all pending changes with seed three',
      'Drew 100 records at random from kind:update with seed one',
      'Drew 50 records at random from kind:update with seed one',
    ]);
    expect(draw('', 60, 'x').id, 'a refused draw uses up no number').toBe('D-4');
  });
});

describe('a saved view', () => {
  test('keeps an address under a name, until it is overwritten or deleted', () => {
    const store = openStore(temporaryFolder());
    store.saveView({ name: 'P2 to check', address: '/review?filter=priority%3AP2', actor: 'ann' });
    store.saveView({ name: 'All', address: '/review', actor: 'bob' });
    store.saveView({ name: 'P2 to check', address: '/review?filter=priority%3AP2&sort=name', actor: 'bob' });
    expect(store.savedViews().map(({ name, address, by }) => [name, address, by])).toEqual([['All', '/review', 'bob'], ['P2 to check', '/review?filter=priority%3AP2&sort=name', 'bob']]);
    store.deleteView({ name: 'All', actor: 'ann' });
    expect(messageOf(() => store.deleteView({ name: 'All', actor: 'ann' }))).toMatch(/^not-found: There is no saved view "All"/u);
    expect(store.savedViews()).toHaveLength(1);
    expect(store.events({ limit: 2 }).events.map(summarizeEvent)).toEqual(['Deleted the view All', 'Saved the view P2 to check']);
  });

  test.each(['https://example.com/review', '//example.com', '/reviewer', '/batches', 'javascript:alert(1)', '/review\\..', '/review?a b', '/review\n', ''])('of %j is refused', (address) => {
    const store = openStore(temporaryFolder());
    expect(messageOf(() => store.saveView({ name: 'x', address, actor: 'ann' }))).toMatch(/^invalid-input: .*begins with \/review/u);
    expect([store.savedViews(), store.chainHead().events]).toEqual([[], 1]);
  });
});

test('what became of a record in every run that had it is told, newest run first', () => {
  const store = openStore(temporaryFolder());
  const run = { batchId: 'B-1', state: 'completed-with-errors', mode: 'collections', why: null, startedBy: 'ann', endedAt: null, apiCalls: 1, writeCalls: 1, seconds: 1, stopReason: null } as const;
  const record = aPlanRecord();
  const intent = { key: 'p1', kind: 'update', chunk: 1, beforeImage: { City__c: 'Austin' }, sent: { City__c: 'Dallas' }, sentAt: null } as const;
  const result = { key: 'p1', kind: 'update', fields: [], salesforceId: null, now: null } as const;
  const commit = (writes: Parameters<typeof store.commit>[0]['writes']) => store.commit({ events: [anEvent({ type: 'run.started' })], writes });
  commit([{ write: 'batch.put', batch: aBatch() }, { write: 'plan.records', batchId: 'B-1', records: [record, aPlanRecord({ key: 'p2' })] }]);
  commit([{ write: 'run.start', run: { ...run, id: 'R-1', startedAt: '2026-11-23T12:00:00.000Z', retryOf: null }, retryOf: null }, { write: 'record.intents', runId: 'R-1', intents: [intent] }]);
  commit([{ write: 'record.results', runId: 'R-1', results: [{ ...result, state: 'failed', code: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access' }] }]);
  commit([{ write: 'run.start', run: { ...run, id: 'R-2', startedAt: '2026-11-23T13:00:00.000Z', retryOf: 'R-1' }, retryOf: 'R-1' }]);
  expect(store.recordRuns('p1')).toEqual([
    { runId: 'R-2', batchId: 'B-1', batchName: 'Batch one', at: '2026-11-23T13:00:00.000Z', kind: 'update', outcome: 'notSent', code: null, message: null, salesforceId: null, before: null, sent: null },
    { runId: 'R-1', batchId: 'B-1', batchName: 'Batch one', at: '2026-11-23T12:00:00.000Z', kind: 'update', outcome: 'failed', code: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access', salesforceId: null, before: { City__c: 'Austin' }, sent: { City__c: 'Dallas' } },
  ]);
  expect(store.recordRuns('p3')).toEqual([]);
});
