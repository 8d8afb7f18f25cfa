import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArguments, readPilot, splitKeys } from '../../../electron/hosts/cli/arguments.ts';
import { commandTable, findCommand } from '../../../electron/hosts/cli/command-table.ts';
import { exitCodeOf } from '../../../electron/hosts/cli/exit-codes.ts';
import { textTable } from '../../../electron/hosts/cli/text-table.ts';
import { errorCodes } from '../../../shared/errors.ts';

const quoted = (key: string): string => `"${key.replaceAll('"', '""')}"`;

describe('keys on the command line', () => {
  it('come back as they are when they are quoted', () => {
    const key = fc.string({ minLength: 1, unit: 'binary' });
    fc.assert(fc.property(fc.uniqueArray(key, { minLength: 1 }), (keys) => void expect(splitKeys([keys.map(quoted).join(',')])).toEqual(keys)));
  });

  it('are split at commas, trimmed, and given once', () => {
    expect(splitKeys(['a, b,,c', 'a,"x,y","say ""hi"""'])).toEqual(['a', 'b', 'c', 'x,y', 'say "hi"']);
    expect(() => splitKeys(['"open'])).toThrow('cannot be read');
  });
});

describe('words and values of a command line', () => {
  const options = { keys: { type: 'string' }, filter: { type: 'string' }, approve: { type: 'boolean' } } as const;

  it('may begin with a hyphen, as ids and negated filter terms do', () => {
    const args = readArguments(['-5', '--keys', '-7,8', '--filter', '-kind:create', '-w', '/x', '--approve', '-9'], options, 2);
    expect(args.words).toEqual(['-5', '-9']);
    expect([args.text('keys'), args.text('filter'), args.text('workspace'), args.flag('approve')]).toEqual(['-7,8', '-kind:create', '/x', true]);
    expect(readArguments(['--json', '--', '--all', '-w'], options, 2).words).toEqual(['--all', '-w']);
  });

  it('never swallow an option that follows', () => {
    expect(() => readArguments(['--keys', '--approve'], options, 1)).toThrow('--keys');
    expect(() => readArguments(['--keys', '-w', '/x'], options, 1)).toThrow('--keys');
    expect(() => readArguments(['--keys'], options, 1)).toThrow('--keys');
    expect(() => readArguments(['--frob'], options, 1)).toThrow('--frob');
    expect(() => readArguments(['-5'], options, 0)).toThrow('one word too many');
  });
});

describe('the command table', () => {
  it('finds the longer name first and nothing else', () => {
    expect(findCommand(['batch', 'create', 'x'])?.command.name).toBe('batch create');
    expect(findCommand(['push', 'B-1'])).toMatchObject({ command: { name: 'push' }, length: 1 });
    expect(findCommand(['batch'])).toBeNull();
    expect(findCommand(['__proto__'])).toBeNull();
  });

  it('has every name once', () => {
    const names = commandTable.map((command) => command.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('answers for people', () => {
  it('read the size of a pilot', () => {
    expect(readPilot('50+0')).toEqual({ creates: 50, updates: 0 });
    for (const text of ['50', '-1+2', '1+2+3', '1 + 2']) expect(() => readPilot(text)).toThrow('creates+updates');
  });

  it('never let a value move the cursor of a terminal', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => void expect(textTable(['Name'], [[value]]).join('')).not.toMatch(/\p{Cc}/u)));
  });

  it('have an exit code of the agreed table for every expected failure', () => {
    for (const code of errorCodes) expect([1, 2, 3, 5, 6, 130]).toContain(exitCodeOf(code));
  });
});
