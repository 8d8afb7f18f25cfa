import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { exportAudit } from '../../electron/core/audit/export-audit.ts';
import { canonicalJson } from '../../electron/core/canonical.ts';
import { verifyExportedFile } from '../../electron/hosts/cli/verify-exported-file.ts';
import { main, readAnchors, readCanonical } from '../../electron/verifier/verify-audit-log.mjs';
import { temporaryFolder } from '../adapters/sqlite/ledger/temporary-ledger.ts';
import { verifierScript } from '../faults/forgeries/both-verifiers.ts';
import { madeUpEvent } from '../faults/forgeries/honest-log.ts';
import { randomFrom } from '../faults/random-from.ts';

async function exported(): Promise<{ folder: string; file: string; lines: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-verifier-'));
  const ledger = await openLedger({ folder, threads: false });
  const random = randomFrom(3);
  const events = Array.from({ length: 60 }, (_, at) => madeUpEvent(random, at === 9 ? 'batch.approved' : 'record.pushed'));
  await ledger.commit({ events: [...events, { ...madeUpEvent(random, 'record.pushed'), data: { text: 'one\u2028two\u2029three\u0085four\rfive \uFFFD' } }], writes: [] });
  const file = join(folder, 'audit.jsonl');
  await exportAudit({ ledger, folder, desktop: { chooseSaveFile: async () => file } }, { format: 'jsonl', actor: 'ann' });
  await ledger.close();
  return { folder, file, lines: readFileSync(file, 'utf8').split('\n').slice(0, -1) };
}

/** The command in this process: its exit code and what it prints. */
async function run(...words: string[]): Promise<{ exit: number; text: string }> {
  const printed: string[] = [];
  const exit = await main(words, (text) => printed.push(text));
  return { exit, text: printed.join('\n') };
}

const hashAt = (lines: readonly string[], seq: number) => (JSON.parse(lines[seq - 1] as string) as { hash: string }).hash;

describe('canonical JSON', () => {
  test('is read back to the same value as the app has written', () => {
    const plain = (value: unknown): unknown => {
      if (value instanceof Map) return Object.fromEntries([...value].map(([name, inner]) => [name, plain(inner)]));
      return Array.isArray(value) ? value.map(plain) : value;
    };
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(plain(readCanonical(text).value)).toEqual(JSON.parse(text));
    }), { numRuns: 500 });
  });

  test('is refused in every other spelling', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.nat(), fc.constantFrom(' ', '\n', '0', '"', ',', '\\u0061', '.0', '-', ']', '\uFEFF'), (value, place, put) => {
      const text = canonicalJson(value);
      const at = place % (text.length + 1);
      const changed = text.slice(0, at) + put + text.slice(at);
      let same: string | null;
      try {
        same = canonicalJson(JSON.parse(changed));
      } catch {
        same = null;
      }
      if (same === changed) expect(readCanonical(changed)).toBeTruthy();
      else expect(() => readCanonical(changed)).toThrow(SyntaxError);
    }), { numRuns: 1_000 });
  });

  test.each(['{"b":1,"a":2}', '{"a":1,"a":1}', '1.0', '1e3', '-0', '01', '+1', '"\\u0041"', '"\\/"', '"\\u000A"', '"\\ud800"', '[1,]', '[,]', '{"a":1,}', 'nul', '', '"', '[', '{"\uE000":1,"\u{1F600}":2}'])('%s is not canonical', (text) => {
    expect(() => readCanonical(text)).toThrow(SyntaxError);
  });
});

describe('the second verifier', () => {
  let log: Awaited<ReturnType<typeof exported>>;
  beforeAll(async () => {
    log = await exported();
    return () => rmSync(log.folder, { recursive: true, force: true });
  });

  test('accepts an honest export, says what that proves and what it does not, and agrees with the app', async () => {
    const { exit, text } = await run(log.file);
    expect(exit).toBe(0);
    expect(text).toMatch(/^The log holds\.\nRead: 63 events /u);
    expect(text).toContain('that needs an anchor');
    expect(await verifyExportedFile(log.file, null)).toMatchObject({ ok: true, events: 63, checkpoints: 3, warnings: [] });
    const anchored = await run(log.file, '--anchor', `40:${hashAt(log.lines, 40)}`, '--json');
    expect([anchored.exit, JSON.parse(anchored.text)]).toMatchObject([0, { ok: true, anchors: { given: 1, newest: 40 }, checkpoints: { given: 3, newest: 63 } }]);
    expect(anchored.text).toContain('Events 1 to 40 are those that were anchored outside');
  });

  test('reads a ledger itself, which it does not change', async () => {
    const ledger = join(log.folder, 'ledger.db');
    const before = createHash('sha256').update(readFileSync(ledger)).digest('hex');
    const { exit, text } = await run(ledger, '--json');
    expect([exit, JSON.parse(text)]).toMatchObject([0, { ok: true, kind: 'ledger', events: 63 }]);
    expect(createHash('sha256').update(readFileSync(ledger)).digest('hex')).toBe(before);
  });

  const raw: [string, (file: string) => void][] = [
    ['a byte that is no UTF-8 where a replacement character stood', (file) => {
      const bytes = readFileSync(file);
      const at = bytes.indexOf(Buffer.from('\uFFFD'));
      expect(at).toBeGreaterThan(0);
      writeFileSync(file, Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 3)]));
    }],
    ['line ends of another system', (file) => writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'))],
    ['an event added at the end', (file) => appendFileSync(file, `${log.lines[5]}\n`)],
    ['the last byte but one gone', (file) => writeFileSync(file, readFileSync(file).subarray(0, -2))],
  ];

  test.each(raw)('refuses %s, as the app does', async (_, change) => {
    const file = join(temporaryFolder(), 'audit.jsonl');
    copyFileSync(log.file, file);
    change(file);
    expect((await run(file)).exit).toBe(6);
    expect(await verifyExportedFile(file, null)).toMatchObject({ ok: false });
  });

  test('takes anchors as the warehouse keeps them, and tells those of another ledger, of another event and of an event that is not there', async () => {
    const file = join(temporaryFolder(), 'anchors.json');
    const [first, second] = readFileSync(join(log.folder, 'audit.checkpoints.jsonl'), 'utf8').split('\n') as [string, string];
    const verdict = async (text: string) => {
      writeFileSync(file, text);
      const { exit, text: printed } = await run(log.file, '--anchor-file', file, '--json');
      return [exit, exit === 2 ? null : (JSON.parse(printed) as { firstBad: { seq: number; problem: string } | null }).firstBad?.problem ?? null];
    };
    expect(await verdict(`${first}\n${second}\n`)).toEqual([0, null]);
    expect(await verdict(`${log.lines[7]}\n${log.lines[8]}\n`)).toEqual([0, null]);
    expect(await verdict(JSON.stringify([{ payload: second }]))).toEqual([0, null]);
    expect(await verdict(second.replace(/"lineage":"[^"]+"/u, '"lineage":"00000000-0000-4000-8000-000000000000"'))).toEqual([6, 'foreign']);
    expect(await verdict(`{"seq":40,"head":"${'a'.repeat(64)}"}`)).toEqual([6, 'forked']);
    expect(await verdict(`{"seq":64,"head":"${'a'.repeat(64)}"}`)).toEqual([6, 'truncated']);
    expect(await verdict(second.replace(/"signature":"../u, '"signature":"AA'))).toEqual([6, 'signature']);
    expect(await verdict('{}')).toEqual([2, null]);
    expect(await verdict('no JSON')).toEqual([2, null]);
    expect(readAnchors(JSON.stringify({ shipping: { anchor: { seq: 3, head: 'ab', at: 'then' } } }))).toEqual([{ seq: 3, head: 'ab' }]);
  });

  test('wrong usage is told with exit code 2', async () => {
    for (const words of [[], ['one', 'two'], [join(log.folder, 'none.jsonl')], [log.file, '--anchor', '1:short'], [log.file, '--public-key', 'AAAA'], [log.file, '--unknown'], [log.file, '--checkpoints', join(log.folder, 'none')], [log.folder]]) {
      expect((await run(...words)).exit).toBe(2);
    }
    expect((await run(log.file, '--public-key', 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=')).exit).toBe(6);
  });

  test('runs by itself, copied to an empty folder', () => {
    const copy = join(temporaryFolder(), 'verifier.mjs');
    copyFileSync(verifierScript, copy);
    const { status, stdout } = spawnSync(process.execPath, [copy, log.file], { encoding: 'utf8' });
    expect([status, stdout.split('\n')[0]]).toEqual([0, 'The log holds.']);
    expect(readFileSync(copy, 'utf8')).not.toMatch(/from '(?!node:)|import\('(?!node:)/u);
  });
});
