import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvSource, type CsvSource } from '../csv-source.ts';
import { cli } from './run-cli.ts';

let source: CsvSource;
let folder: string;
beforeAll(async () => {
  source = csvSource({ policy: { approvals: 2, selfApproval: false }, org: { kind: 'simulated', production: true } });
  folder = join(source.root, 'workspace');
  await cli(['init', folder, '--config', source.config]);
});
afterAll(() => source.remove());

describe('the command line refuses', () => {
  it.each([
    ['a command it does not have', ['nonsense']],
    ['half a command', ['batch']],
    ['an option that the command does not have', ['status', '--colour', 'red']],
    ['a number that is none', ['pending', '--limit', 'ten']],
    ['a filter that cannot be read', ['pending', '--filter', 'colour:red']],
    ['a priority that does not exist', ['pending', '--priority', 'P9']],
    ['the same facet twice', ['pending', '--kind', 'create', '--filter', 'kind:update']],
    ['two decisions at once', ['decide', '--keys', 'p1', '--approve', '--hold']],
    ['a decision on nothing', ['decide', '--approve']],
    ['a field left out beside a decision', ['decide', '--keys', 'p1', '--exclude', '--leave-out', 'Name']],
    ['two fields at once', ['decide', '--keys', 'p1', '--leave-out', 'Name', '--leave-out', 'City__c']],
    ['a field left out of nothing', ['decide', '--take-in', 'Name']],
    ['a batch without members', ['batch', 'create', 'Empty']],
    ['a pilot that is no sum', ['batch', 'create', 'Pilot', '--pilot', '50']],
    ['a batch that does not exist', ['batch', 'submit', 'B-99']],
    ['a pause without a reason', ['pause']],
    ['an export of an unknown kind', ['audit', 'export', 'x.txt']],
    ['a word too many', ['undo', 'a', 'b']],
  ])('%s, as usage', async (_, words) => {
    const result = await cli([...words, '-w', folder, '--json']);
    expect([result.code, Object.keys(result.json), Object.keys(result.json.error)]).toEqual([2, ['error'], ['code', 'message', 'details']]);
    expect(result.json.error.message).toMatch(/^[^\n]{10,}\.$/u);
  });

  it('a command of a later version, saying so, and lists it as planned', async () => {
    const result = await cli(['bundle', 'export', 'x', '-w', folder, '--json']);
    expect([result.code, result.json.error.code]).toEqual([2, 'not-available-here']);
    const help = await cli(['--help']);
    expect([help.code, help.stdout.indexOf('bundle export') > help.stdout.indexOf('Planned')]).toEqual([0, true]);
  });

  it('a folder that is no workspace, and no folder at all', async () => {
    expect((await cli(['status', '-w', source.root, '--json'])).json.error.code).toBe('not-found');
    const none = await cli(['status', '--json']);
    expect([none.code, none.json.error.code]).toEqual([2, 'invalid-input']);
  });

  it('a batch before there is a snapshot, by its rule', async () => {
    const result = await cli(['batch', 'create', 'Early', '--all-approved', '-w', folder, '--json']);
    expect([result.code, result.json.error.details.rule]).toEqual([3, 'no-snapshot']);
  });

  it('the own approval where two people are needed, and a production push without its confirmation', async () => {
    const run = (...words: string[]) => cli([...words, '-w', folder, '--json']);
    await run('refresh');
    await run('batch', 'create', 'Pilot', '--pilot', '1+1');
    await run('batch', 'submit', 'B-1');
    const own = await run('batch', 'approve', 'B-1');
    expect([own.code, own.json.error.details.rule]).toEqual([3, 'self-approval']);
    expect((await run('batch', 'approve', 'B-1', '--as', 'ann')).json.state).toBe('submitted');
    expect((await run('batch', 'approve', 'B-1', '--as', 'bob')).json.state).toBe('approved');
    for (const confirm of [[], ['--yes'], ['--confirm', 'Sample Org:2+0']]) {
      const push = await run('push', 'B-1', ...confirm);
      expect([push.code, push.json.error.details.rule]).toEqual([3, 'confirmation']);
    }
    expect((await run('push', 'B-1', '--confirm', 'Sample Org:1+1')).code).toBe(0);
  });

  it('a real org without a sign-in, and a source that has no driver yet, before anything is written', async () => {
    const real = csvSource({ org: { instanceUrl: 'http://127.0.0.1:9', production: false } });
    try {
      const workspace = join(real.root, 'workspace');
      await cli(['init', workspace, '--config', real.config]);
      const unsigned = await cli(['refresh', '-w', workspace, '--json']);
      expect([unsigned.code, unsigned.json.error.code]).toEqual([5, 'not-signed-in']);
      const named = await cli(['refresh', '-w', workspace, '--json', '--as', 'ann']);
      expect([named.code, named.json.error.code]).toEqual([2, 'invalid-input']);
      const unreachable = await cli(['refresh', '-w', workspace, '--json'], { SF_ACCESS_TOKEN: 'secret-token-value' });
      expect([unreachable.code, unreachable.json.error.code]).toEqual([5, 'org-unavailable']);
      expect(unreachable.stdout + unreachable.stderr).not.toContain('secret-token-value');
    } finally {
      real.remove();
    }
  });

  it('an init of a broken config, leaving nothing behind', async () => {
    const broken = csvSource({ policy: { approvalz: 1 } });
    try {
      const target = join(broken.root, 'workspace');
      const result = await cli(['init', target, '--config', broken.config, '--json']);
      expect([result.code, result.json.error.details.key, existsSync(target)]).toEqual([2, 'policy.approvalz', false]);
    } finally {
      broken.remove();
    }
  });
});
