import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvSource, type CsvSource } from '../csv-source.ts';
import { cli } from './run-cli.ts';

describe('the command line on a workspace of CSV files', () => {
  let source: CsvSource;
  let folder: string;
  const run = (...words: string[]) => cli([...words, '-w', folder, '--json']);

  beforeAll(async () => {
    source = csvSource();
    folder = join(source.root, 'workspace');
    const init = await cli(['init', folder, '--config', source.config, '--json']);
    expect([init.code, init.json]).toEqual([0, { workspace: folder, name: 'Trial' }]);
  });
  afterAll(() => source.remove());

  it('answers before the first refresh', async () => {
    const [pending, status] = [await run('pending'), await run('status')];
    expect([pending.code, pending.json]).toEqual([0, { total: 0, items: [], next: null }]);
    expect([status.code, status.json.snapshot, status.json.paused]).toEqual([0, null, false]);
  });

  it('refreshes, lists and shows', async () => {
    const refresh = await run('refresh');
    expect(refresh.code).toBe(0);
    expect(refresh.json).toMatchObject({ snapshot: { id: 'S-0001' }, creates: 2, updates: 2, unchanged: 1, p1: 1, featureMismatches: 1, multiPropertyGroups: 1, multiPropertyMembers: 2, added: 4 });
    const creates = await run('pending', '--kind', 'create', '--limit', '1');
    expect(creates.json).toMatchObject({ total: 2, items: [{ key: 'p3', kind: 'create', priority: 'P1' }] });
    const rest = await run('pending', '--kind', 'create', '--limit', '1', '--after', creates.json.next);
    expect(rest.json).toMatchObject({ total: 2, items: [{ key: 'p4', priority: 'P3' }], next: null });
    const found = await run('pending', '--search', 'kennedy', '--full');
    expect(found.json.items).toMatchObject([{ key: 'p1', contributors: [{ id: 'p1' }], ignored: [{ id: 'p2' }], history: [] }]);
    const shown = await run('show', 'p1');
    expect(shown.json.fields.length).toBe(17);
    expect(shown.json.fields.filter((field: { change: string }) => field.change !== 'equal').map((field: { field: string }) => field.field)).toEqual(['Address__c', 'Identity_Verification_Enabled__c', 'Identity_Verification_Enabled_At__c']);
    expect((await run('checks')).code).toBe(0);
  });

  it('names the key that is not pending', async () => {
    const [shown, decided] = [await run('show', 'nobody'), await run('decide', '--keys', 'p1,nobody', '--approve')];
    expect([shown.code, decided.code]).toEqual([2, 2]);
    expect([shown.json.error.code, decided.json.error.details.key]).toEqual(['not-found', 'nobody']);
  });

  it('decides, undoes and decides again', async () => {
    const decided = await run('decide', '--keys', 'p1,p3', '--approve', '--reason', 'looked at', '--as', 'ann');
    expect(decided.json).toMatchObject({ decided: 2, blocked: 0 });
    expect((await run('pending', '--filter', 'decision:approve')).json.total).toBe(2);
    expect((await run('undo', decided.json.undoId)).json).toMatchObject({ undone: 2 });
    expect((await run('pending', '--filter', 'decision:none')).json.total).toBe(4);
    expect((await run('decide', '--filter', 'kind:create', '--exclude')).json).toMatchObject({ decided: 2 });
    expect((await run('decide', '--filter', 'kind:create', '--approve')).json).toMatchObject({ decided: 2 });
  });

  it('leaves a field out, and takes it in again by its name or by an undo', async () => {
    const withoutAddress = async () => (await run('pending', '--filter', 'without:Address__c')).json.items.map((item: { key: string }) => item.key);
    const left = await run('decide', '--keys', 'p1', '--leave-out', 'Address__c', '--reason', 'wrong street', '--as', 'ann');
    expect([left.code, left.json]).toEqual([0, { decided: 1, blocked: 0, undoId: expect.any(String), label: 'Left Address out of 1 record' }]);
    expect(await withoutAddress()).toEqual(['p1']);
    const shown = (await run('show', 'p1')).json.fields.find((field: { field: string }) => field.field === 'Address__c');
    expect(shown.excluded).toMatchObject({ by: 'ann', reason: 'wrong street' });

    const taken = await run('decide', '--filter', 'kind:update', '--take-in', 'Address__c');
    expect([taken.code, taken.json.decided, await withoutAddress()]).toEqual([0, 1, []]);
    await run('undo', taken.json.undoId);
    expect(await withoutAddress()).toEqual(['p1']);
    const again = await cli(['decide', '--keys', 'p1', '--take-in', 'Address__c', '-w', folder]);
    expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/^Took Address in again for 1 record\.\nUndo with: countersign undo \S+\n$/u)]);
  });

  it('says which fields there are, and what a record cannot do without', async () => {
    const unknown = await run('decide', '--keys', 'p1', '--leave-out', 'Adress__c');
    expect([unknown.code, unknown.json.error.code, unknown.json.error.message]).toEqual([2, 'invalid-input', expect.stringMatching(/^The mapping has no field "Adress__c"\. Its fields are Name, Address__c, /u)]);
    const [needed, emptied, idle] = [
      await run('decide', '--filter', 'kind:create', '--leave-out', 'Name'),
      await run('decide', '--keys', 'p5', '--leave-out', 'Name'),
      await run('decide', '--keys', 'p1', '--take-in', 'City__c'),
    ];
    expect([needed.code, emptied.code, emptied.json.error.details.rule, idle.code, idle.json.error.details.rule]).toEqual([2, 3, 'nothing-to-do', 3, 'nothing-to-do']);
  });

  it('takes a batch through approval to a push that the org shows', async () => {
    const created = await run('batch', 'create', 'Creates', '--all-approved');
    expect(created.json.batch).toMatchObject({ id: 'B-1', state: 'draft', creates: 2, updates: 0 });
    expect((await run('push', 'B-1')).code).toBe(3);
    const submitted = await run('batch', 'submit', 'B-1');
    expect(submitted.json.plan).toMatchObject({ creates: 2, updates: 0, hash: expect.stringMatching(/^[0-9a-f]{64}$/u) });
    expect((await run('batch', 'approve', 'B-1', '--expect', '0'.repeat(64))).code).toBe(3);
    expect((await run('batch', 'approve', 'B-1', '--expect', submitted.json.plan.hash)).json).toMatchObject({ state: 'approved', approvals: [{ by: 'admin' }] });
    expect((await run('pause', '--reason', 'a test')).json.paused).toBe(true);
    const paused = await run('push', 'B-1');
    expect([paused.code, paused.json.error.details.rule]).toEqual([3, 'paused']);
    expect((await run('unpause')).json.paused).toBe(false);
    const pushed = await run('push', 'B-1');
    expect([pushed.code, pushed.json]).toMatchObject([0, { run: { id: 'R-1', state: 'completed' }, planned: 2, succeeded: 2, failed: 0, stale: 0, skipped: 0, unknown: 0, notSent: 0 }]);
    const again = await run('push', 'B-1');
    expect([again.code, again.json.error.details.rule]).toEqual([3, 'plan-consumed']);
    expect((await run('outcomes', 'B-1')).json.items.map((item: { key: string; outcome: string }) => [item.key, item.outcome])).toEqual([['p3', 'succeeded'], ['p4', 'succeeded']]);
    expect((await run('batch', 'show', 'B-1')).json).toMatchObject({ batch: { state: 'completed' }, outcomes: { planned: 2, succeeded: 2 } });
    expect((await run('batch', 'list')).json.batches.length).toBe(1);
    expect((await run('refresh')).json).toMatchObject({ snapshot: { id: 'S-0002' }, creates: 0, updates: 2, removed: 2 });
  });

  it('proves afterwards what happened', async () => {
    const verified = await run('audit', 'verify');
    expect([verified.code, verified.json.ok]).toEqual([0, true]);
    const ofKey = await run('audit', 'list', '--key', 'p3');
    expect(ofKey.json.events.map((event: { type: string }) => event.type)).toContain('record.pushed');
    const file = join(source.root, 'audit.jsonl');
    const exported = await run('audit', 'export', file);
    expect(exported.json).toMatchObject({ file, events: verified.json.events + 1 });
    expect((await cli(['audit', 'verify', '--file', file, '--json'])).json.ok).toBe(true);
    const forged = join(source.root, 'forged.jsonl');
    writeFileSync(forged, readFileSync(file, 'utf8').replace('"succeeded"', '"failed"'));
    const refused = await cli(['audit', 'verify', '--file', forged, '--json']);
    expect([refused.code, refused.json.ok]).toEqual([6, false]);
  });

  it('reads while another process holds the workspace, and refuses to write', async () => {
    const { acquireWorkspaceLock } = await import('../../../electron/adapters/sqlite/workspace-lock.ts');
    const lock = acquireWorkspaceLock(folder);
    try {
      const [read, write, pause, unpause] = [await run('pending'), await run('refresh'), await run('pause', '--reason', 'now'), await run('unpause')];
      expect([read.code, write.code, write.json.error.code, pause.code, unpause.code]).toEqual([0, 3, 'workspace-busy', 0, 0]);
    } finally {
      lock.release();
    }
  });

  it('names file and column of a source that has broken since, and keeps the snapshot', async () => {
    const good = source.read('properties.csv');
    source.write('properties.csv', good.replace('2026-02-02', '2026-13-02'));
    const refused = await run('refresh');
    expect([refused.code, refused.json.error.code, refused.json.error.details.file, refused.json.error.details.column]).toEqual([5, 'source-invalid', 'properties.csv', 'updated_at']);
    source.write('properties.csv', good);
    expect((await run('status')).json.snapshot.id).toBe('S-0002');
  });

  it('leaves one simulated org running for all commands, which did not hold their output open', () => {
    expect(existsSync(join(folder, 'org.json'))).toBe(true);
    const { pid } = JSON.parse(readFileSync(join(folder, 'org.json'), 'utf8')) as { pid: number };
    expect(() => process.kill(pid, 0)).not.toThrow();
    process.kill(pid, 'SIGTERM');
    rmSync(join(folder, 'org.json'), { force: true });
  });
});
