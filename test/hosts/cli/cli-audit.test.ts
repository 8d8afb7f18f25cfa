import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import { cutBack } from '../../core/audit/temporary-audit.ts';
import { csvSource, type CsvSource } from '../csv-source.ts';
import { cli } from './run-cli.ts';

describe('the audit log on the command line', () => {
  let source: CsvSource;
  let folder: string;
  let copy: string;
  let copied: number;
  const run = (...words: string[]) => cli([...words, '-w', folder, '--json']);
  const waits = / audit events wait to be copied to .*warehouse-audit\.db$/mu;

  beforeAll(async () => {
    source = csvSource();
    folder = join(source.root, 'workspace');
    copy = join(folder, 'warehouse-audit.db');
    await cli(['init', folder, '--config', source.config, '--json']);
  });
  afterAll(() => source.remove());

  it('is copied when a command has written what should be copied', async () => {
    expect((await run('status')).json.shipping).toMatchObject({ place: copy, events: 1, shipped: 0, backlog: 1, anchor: null });
    const refresh = await run('refresh');
    expect(refresh.stderr).not.toMatch(waits);
    expect((await run('status')).json.shipping).toMatchObject({ events: 2, shipped: 2, backlog: 0, anchor: { seq: 2 }, failure: null });
    expect((await cli(['status', '-w', folder])).stdout).toContain(`Audit log: 2 of 2 events are copied to ${copy}; 0 wait.`);
  });

  it('is copied and anchored when asked, and verified against the copy', async () => {
    await run('decide', '--keys', 'p1,p3', '--approve');
    const anchored = await run('audit', 'anchor');
    expect([anchored.code, anchored.json]).toMatchObject([0, { place: copy, events: 3, shipped: 3, backlog: 0, at: expect.any(String), anchor: { seq: 3, head: expect.any(String), at: expect.any(String) }, failure: null, limit: null }]);
    const text = await cli(['audit', 'anchor', '-w', folder]);
    expect(text.stdout.trim().split('\n')).toEqual([`Audit log: 3 of 3 events are copied to ${copy}; 0 wait.`, expect.stringMatching(/^Its head is anchored at event 3 /u)]);
    const verified = await run('audit', 'verify', '--anchor');
    expect([verified.code, verified.json]).toMatchObject([0, { ok: true, events: 3, firstBad: null, anchor: { state: 'agrees', seq: 3 } }]);

    const file = join(source.root, 'audit.jsonl');
    expect((await run('audit', 'export', file)).code).toBe(0);
    const exported = await run('audit', 'verify', '--file', file, '--anchor');
    expect([exported.code, exported.json]).toMatchObject([0, { ok: true, events: 4, anchor: { state: 'agrees', seq: 3 } }]);
    expect((await cli(['audit', 'verify', '--file', file, '--json'])).json).toMatchObject({ ok: true, anchor: { state: 'not-asked' } });
  });

  it('does not hold up a push when the copy cannot be made; what waits is said and copied later', async () => {
    const kept = join(source.root, 'kept.db');
    copyFileSync(copy, kept);
    writeFileSync(copy, 'no database, but long enough to be taken for one. '.repeat(100));
    await run('batch', 'create', 'One', '--all-approved');
    await run('batch', 'submit', 'B-1');
    const approved = await run('batch', 'approve', 'B-1');
    expect([approved.code, approved.json.state]).toEqual([0, 'approved']);
    expect(approved.stderr).toMatch(waits);
    const pushed = await run('push', 'B-1');
    expect([pushed.code, pushed.json]).toMatchObject([0, { run: { state: 'completed' }, planned: 2, succeeded: 2 }]);
    expect(pushed.stderr).toMatch(waits);
    const anchored = await run('audit', 'anchor');
    expect([anchored.code, anchored.json.error.code]).toEqual([5, 'source-unavailable']);
    expect((await run('status')).json.shipping).toMatchObject({ shipped: 3, failure: { code: 'source-unavailable', fork: false } });
    const [asked, required] = [await run('audit', 'verify'), await run('audit', 'verify', '--anchor')];
    expect([asked.code, asked.json.anchor.state, required.code]).toEqual([0, 'unreachable', 5]);

    for (const end of ['-wal', '-shm']) rmSync(copy + end, { force: true });
    copyFileSync(kept, copy);
    const again = await run('audit', 'anchor');
    expect([again.code, again.json]).toMatchObject([0, { backlog: 0, failure: null }]);
    copied = again.json.events;
  });

  it('is known to be cut off by its copy alone', async () => {
    const whole = readFileSync(join(folder, 'ledger.db'));
    const db = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
    for (const name of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all() as string[]) db.exec(`DROP TRIGGER ${name}`);
    cutBack(db, 4);
    db.close();
    const verified = await run('audit', 'verify', '--anchor');
    expect([verified.code, verified.json]).toMatchObject([6, { ok: false, events: 4, firstBad: { seq: 5, problem: 'truncated' }, anchor: { state: 'disagrees', seq: copied } }]);
    const anchored = await run('audit', 'anchor');
    expect([anchored.code, anchored.json.error]).toMatchObject([6, { code: 'verification-failed', details: { fork: true } }]);
    const pushed = await run('push', 'B-1');
    expect([pushed.code, pushed.json.error.details.rule]).toEqual([3, 'audit-fork']);

    for (const end of ['-wal', '-shm']) rmSync(join(folder, `ledger.db${end}`), { force: true });
    writeFileSync(join(folder, 'ledger.db'), whole);
    expect((await run('audit', 'anchor')).code).toBe(0);
  });
});
