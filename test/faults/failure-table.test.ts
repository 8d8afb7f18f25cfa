import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const tests = join(import.meta.dirname, '..');

/** What can go wrong, by the number under which the tests name it: `Row 3: …` in the name of a test or of its group. */
const rows: Readonly<Record<string, string>> = {
  '1': 'killed before the intent is durable',
  '2': 'killed after the intent, before the call',
  '3': 'killed after the call, before the answer',
  '4': 'killed after the answer, before it is durable',
  '5': 'killed during the recovery itself',
  '6': 'the answer is lost, the server has applied the call',
  '7': 'the server still works on the call while we look',
  '8': 'the answer is torn, of another kind, or of another length',
  '9': 'the session expires in the middle of a batch',
  '10': 'the sign-in cannot be renewed, or its rotated token is lost',
  '11': 'the API limit of the day is used up',
  '12': 'the server is busy, or an edge fails',
  '13': 'rows are locked',
  '14': 'part of a call succeeds',
  '15': 'all or none',
  '16': 'the record was changed since the review',
  '17': 'the record was deleted',
  '18': 'an external id is there twice',
  '19': 'two instances of the app on one workspace',
  '20': 'two machines with the same pending changes',
  '21': 'the disk is full',
  '22': 'a write or a sync of the disk fails',
  '23': 'power loss',
  '24': 'the cache file is damaged',
  '25': 'the ledger is damaged',
  '26': 'a migration is interrupted',
  '27': 'the clock jumps',
  '28': 'the computer sleeps or changes its network',
  '29': 'the audit table cannot be reached',
  '30': 'the local audit log cannot be written',
  '31': 'the plan or its source was changed after the approval',
  '32': 'the second approver',
  '33': 'the wrong org',
  '34': 'very large sets',
  '35': 'HTML in fields',
  '36': 'formulas in an exported CSV',
  '37': 'characters that mislead the eye',
  '38': 'hostile archives',
  '39': 'injection by names',
  '40': 'odd JSON and prototype pollution',
  '40b': 'a redirect that wants the token',
  '41': 'the window is taken over',
  '42': 'a double click',
};

/** Rows without a test, and why. */
const untested: Readonly<Record<string, string>> = {
  '38': 'The app opens no archives: it reads CSV files, JSON answers and its own databases, and exports plain text.',
};

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return testFiles(join(folder, entry.name));
    return /\.(test|spark)\.tsx?$/u.test(entry.name) ? [join(folder, entry.name)] : [];
  });
}

/** The rows that the name of a test, or of a group of tests, begins with. */
function namedRows(text: string): string[] {
  return [...text.matchAll(/(?:\)|\b(?:it|test|describe)(?:\.\w+)*)\(\s*[`'"]Rows? ([^:`'"\n]+):/gu)].flatMap(([, numbers]) => (numbers ?? '').split(/,| and /u).map((number) => number.trim()));
}

describe('The failure table', () => {
  const named = new Set(testFiles(tests).flatMap((file) => namedRows(readFileSync(file, 'utf8'))));

  it.each(Object.entries(rows))('row %s, %s: has a test that is named after it, or a reason why not', (number) => {
    expect(named.has(number) || number in untested).toBe(true);
  });

  it('has no reason for a row that has a test, and no test for a row that it does not have', () => {
    expect(Object.keys(untested).filter((number) => named.has(number))).toEqual([]);
    expect([...named].filter((number) => !(number in rows))).toEqual([]);
  });

  it('is looked for in the names of tests only', () => {
    const text = ["it('Row 1: one')", 'describe.each(modes)(`Row 2: two`)', "it.each([[1, 'a']])('Rows 3, 4 and 40b: more')", '// Row 5: a comment', "const name = 'Row 6: a text'"].join('\n');
    expect(namedRows(text)).toEqual(['1', '2', '3', '4', '40b']);
  });
});
