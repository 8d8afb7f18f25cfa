import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embeddedAuditTable } from '../../../electron/adapters/embedded/embedded-audit-table.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { hashEvent } from '../../../electron/core/audit/chain.ts';
import { exportAudit } from '../../../electron/core/audit/export-audit.ts';
import { csvCell } from '../../../electron/core/csv-cell.ts';
import { verifyAudit } from '../../../electron/core/audit/verify-audit.ts';
import { verifyExport } from '../../../electron/core/audit/verify-export.ts';
import { canonicalJson } from '../../../electron/core/canonical.ts';
import type { AuditEvent } from '../../../shared/domain/audit-event.ts';
import { anEvent, temporaryFolder } from '../../adapters/sqlite/ledger/temporary-ledger.ts';

async function exported(format: 'jsonl' | 'csv'): Promise<{ lines: string[]; events: number; file: string }> {
  const folder = temporaryFolder();
  const ledger = await openLedger({ folder, threads: false });
  const data = { name: '=HYPERLINK("http://x")', note: 'line\nbreak, "quoted"', city: 'Zoë \u202Etxt' };
  await ledger.commit({ events: Array.from({ length: 12 }, (_, n) => anEvent({ actor: '@ann', keys: [`-k${n}`], data: { n, ...data } })), writes: [] });
  const file = join(folder, `audit.${format}`);
  const { events } = await exportAudit({ ledger, folder, desktop: { chooseSaveFile: async () => file } }, { format, actor: 'ann' });
  await ledger.close();
  return { lines: readFileSync(file, 'utf8').split('\n').slice(0, -1), events, file };
}

async function verify(lines: readonly string[]) {
  async function* stream() {
    yield* lines;
  }
  return verifyExport({ open: stream, checkpoints: null });
}

const parse = (line: string | undefined) => JSON.parse(line ?? '') as AuditEvent;

test('an export verifies on its own and ends with the event of its making', async () => {
  const { lines, events } = await exported('jsonl');
  expect([lines.length, events]).toEqual([14, 14]);
  expect(parse(lines.at(-1))).toMatchObject({ type: 'audit.exported', actor: 'ann', data: { format: 'jsonl' } });
  expect(await verify(lines)).toMatchObject({ ok: true, events: 14, head: parse(lines.at(-1)).hash, firstBad: null });
  expect(await verify([...lines, ''])).toMatchObject({ ok: true });
});

const forgeries: [string, (lines: string[]) => string[], { seq: number; problem: string }][] = [
  ['an edited value', (lines) => lines.with(4, lines[4]!.replace('"n":3', '"n":4')), { seq: 5, problem: 'altered' }],
  ['other white space', (lines) => lines.with(4, lines[4]!.replace(',"data"', ', "data"')), { seq: 5, problem: 'altered' }],
  ['a member added', (lines) => lines.with(4, canonicalJson({ ...parse(lines[4]), extra: 1 })), { seq: 5, problem: 'altered' }],
  ['no JSON at all', (lines) => lines.with(4, 'junk'), { seq: 5, problem: 'altered' }],
  ['an edit with its own hash put right', (lines) => {
    const event = { ...parse(lines[4]), actor: 'eve' };
    return lines.with(4, canonicalJson({ ...event, hash: hashEvent(event) }));
  }, { seq: 6, problem: 'altered' }],
  ['a deleted line', (lines) => lines.toSpliced(4, 1), { seq: 5, problem: 'missing' }],
  ['the first line deleted', (lines) => lines.slice(1), { seq: 1, problem: 'missing' }],
  ['a line twice', (lines) => lines.toSpliced(4, 0, lines[4]!), { seq: 6, problem: 'reordered' }],
  ['two lines swapped', (lines) => lines.with(4, lines[5]!).with(5, lines[4]!), { seq: 5, problem: 'reordered' }],
  ['the last line cut off', (lines) => lines.slice(0, -1), { seq: 14, problem: 'truncated' }],
  ['half of the last line', (lines) => [...lines.slice(0, -1), lines.at(-1)!.slice(0, 40)], { seq: 14, problem: 'altered' }],
  ['an empty file', () => [], { seq: 1, problem: 'truncated' }],
  ['an event of another ledger', (lines) => {
    const event = { ...parse(lines[4]), lineage: '00000000-0000-4000-8000-000000000000' };
    return lines.with(4, canonicalJson({ ...event, hash: hashEvent(event) }));
  }, { seq: 5, problem: 'foreign' }],
];

test.each(forgeries)('an export with %s does not verify', async (_, forge, expected) => {
  const { lines } = await exported('jsonl');
  expect(await verify(forge(lines))).toMatchObject({ ok: false, firstBad: expected });
});

test('changing any one character of an export breaks it', async () => {
  const { lines } = await exported('jsonl');
  await fc.assert(fc.asyncProperty(fc.nat(), fc.nat(), fc.constantFrom('0', 'x', ' ', '"', '}'), async (line, place, letter) => {
    const at = line % lines.length;
    const text = lines[at]!;
    const where = place % text.length;
    fc.pre(text[where] !== letter);
    expect((await verify(lines.with(at, text.slice(0, where) + letter + text.slice(where + 1)))).ok).toBe(false);
  }), { numRuns: 200 });
});

test('Row 36: no cell of the CSV can be taken for a formula, and the cells are as many as the headings', async () => {
  const { file } = await exported('csv');
  const text = readFileSync(file, 'utf8');
  const [heading] = text.split('\n');
  expect(heading).toBe('seq,at,actor,type,summary,batch,run,keys,data,prev,hash');
  expect(text).toContain(`,"'@ann",`);
  expect(text).toContain(`,"'-k0",`);
});

test('Row 36: a CSV cell reads back to its text, with at most an apostrophe in front', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('=1+1', '+1', '-1', '@x', '\t=1', '\r=1', ' =1', '\n=1', '＝1', "'=1")), (text) => {
    const cell = csvCell(text);
    const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    expect(read === text || read === `'${text}`).toBe(true);
    expect(/^[\s]*[=+\-@＝＋－＠]|^[\t\r]/u.test(read)).toBe(false);
    if (!cell.startsWith('"')) expect(/[",\n\r]/u.test(cell)).toBe(false);
  }));
});

test('an export without a place to go is cancelled, one to an impossible place refused, and neither is logged', async () => {
  const folder = temporaryFolder();
  const ledger = await openLedger({ folder, threads: false });
  const to = (file: string | null) => exportAudit({ ledger, folder, desktop: { chooseSaveFile: async () => file } }, { format: 'jsonl', actor: 'ann' });
  await expect(to(null)).rejects.toMatchObject({ error: { code: 'cancelled' } });
  await expect(to(join(folder, 'no', 'such', 'folder.jsonl'))).rejects.toMatchObject({ error: { code: 'invalid-input' } });
  symlinkSync(join(folder, 'ledger.db'), join(folder, 'innocent.jsonl'));
  for (const own of ['ledger.db', 'ledger.db-wal', 'workspace.json', './ledger.db', 'innocent.jsonl']) await expect(to(`${folder}/${own}`)).rejects.toMatchObject({ error: { code: 'invalid-input' } });
  expect((await ledger.chainHead()).events).toBe(1);
  expect(await ledger.verify()).toMatchObject({ ok: true });
  await ledger.close();
});

test('verifying is logged, except where nothing may be written', async () => {
  const folder = temporaryFolder();
  const ledger = await openLedger({ folder, threads: false });
  const table = embeddedAuditTable(join(folder, 'audit.db'));
  const ann = { actor: 'ann', signal: new AbortController().signal };
  expect(await verifyAudit({ ledger, table, readOnly: true }, ann, { anchor: 'skip' })).toMatchObject({ ok: true, events: 1 });
  expect(await verifyAudit({ ledger, table, readOnly: false }, ann, { anchor: 'skip' })).toMatchObject({ ok: true, events: 1 });
  expect((await ledger.events({ type: 'audit.verified', limit: 9 })).events).toMatchObject([{ actor: 'ann', data: { ok: true, events: 1 } }]);
  await ledger.close();
});

test.skipIf(!existsSync('/dev/full'))('an export onto a full disk is refused, and no more', async () => {
  const folder = temporaryFolder();
  const ledger = await openLedger({ folder, threads: false });
  await expect(exportAudit({ ledger, folder, desktop: { chooseSaveFile: async () => '/dev/full' } }, { format: 'jsonl', actor: 'ann' })).rejects.toMatchObject({ error: { code: 'invalid-input' } });
  await ledger.close();
});
