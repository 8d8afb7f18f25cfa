import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createLedgerStore } from '../../../electron/adapters/sqlite/ledger/ledger-store.ts';
import { canonicalJson, sha256 } from '../../../electron/core/canonical.ts';
import { randomFrom } from '../random-from.ts';
import { openSmallBatch } from './cases.ts';
import { imageAt, type DiskStep, type Image } from './disk-image.ts';
import type { FaultOptions, FaultReport } from './fault-part.ts';
import { runTraced, straceMissing } from './strace.ts';

const calls = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate', 'unlink'];
/** Complete texts in hexadecimal, files by name, no signals. */
const words = ['-y', '-xx', '-s', '100000', '-e', 'signal=none'];

/** A ledger before a push, and all that was done to its files in the push. */
interface Recording {
  before: Buffer;
  steps: DiskStep[];
}

/**
 * Cuts the power at random moments of a recorded push: what was not synced is lost, reordered or torn in sectors of 512 bytes.
 *
 * Shape:  every event that was said to be durable must be there with its hash, the pages and the chain hold, and the plan has its hash.
 *         The same push without waiting for the disk (`synchronous=NORMAL`) must lose events, else the rig sees nothing.
 */
export async function runPowerLoss({ programs, seed, size, log }: FaultOptions): Promise<FaultReport> {
  const report: FaultReport = { name: 'Row 23: a power loss', tried: 0, bad: 0, details: [], notRun: straceMissing() };
  if (report.notRun !== null) return report;
  const images = { long: 100_000, ci: 1_000, few: 200 }[size];
  const full = tryImages(await record(programs.recorded, 'full'), images, randomFrom(seed));
  const control = tryImages(await record(programs.recorded, 'normal'), 200, randomFrom(seed));
  log(`${images} images, ${full.length} bad; without waiting for the disk ${control.length} of 200 bad`);
  report.tried = images;
  report.bad = full.length;
  report.details = full.slice(0, 20);
  if (control.length === 0) {
    report.bad += 1;
    report.details.push('a ledger that does not wait for the disk passed, so this rig proves nothing');
  }
  return report;
}

async function record(life: string, durability: 'full' | 'normal'): Promise<Recording> {
  const bench = await openSmallBatch();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
  try {
    const before = readFileSync(join(bench.folder, 'ledger.db'));
    const file = join(folder, 'calls.log');
    const end = await runTraced([life, JSON.stringify({ ...bench.start, durability })], { log: { file, calls, words } });
    if (end.code !== 0 || end.stdout !== 'completed') throw new Error(`The recorded life ended with ${end.code ?? end.signal}: ${end.stdout} ${end.stderr}`);
    return { before, steps: readSteps(readFileSync(file, 'utf8'), bench.folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await bench.close();
  }
}

const textOf = (hex: string): string => Buffer.from(hex.replaceAll(String.raw`\x`, ''), 'hex').toString('utf8');
const callPattern = /^\d+\s+(?<call>\w+)\((?:\d+<(?<path>[^>]*)>|"(?<name>[^"]*)")(?:, "(?<data>[^"]*)", \d+, (?<offset>\d+)|, (?<size>\d+))?\)\s+= (?<result>\d+)$/u;

/** The steps on the ledger and its log, and the acknowledgements, in order. The shared-memory file is made anew after a power loss. */
function readSteps(log: string, folder: string): DiskStep[] {
  return log.split('\n').flatMap((line): DiskStep[] => {
    if (line === '') return [];
    const found = callPattern.exec(line)?.groups;
    if (!found) throw new Error(`A line of strace cannot be read: ${line.slice(0, 200)}`);
    const path = textOf(found['path'] ?? found['name'] ?? '');
    const file = basename(path);
    if (!path.startsWith(folder)) return [];
    if (file === 'acks') return [{ do: 'ack', ...(JSON.parse(textOf(found['data'] ?? '')) as { seq: number; head: string }) }];
    if (file !== 'ledger.db' && file !== 'ledger.db-wal') return [];
    switch (found['call']) {
      case 'pwrite64':
        return [{ do: 'write', file, offset: Number(found['offset']), data: Buffer.from((found['data'] ?? '').replaceAll(String.raw`\x`, ''), 'hex').subarray(0, Number(found['result'])) }];
      case 'ftruncate':
        return [{ do: 'truncate', file, size: Number(found['size']) }];
      case 'unlink':
        return [{ do: 'unlink', file }];
      default:
        return [{ do: 'sync', file }];
    }
  });
}

/** What is wrong with so many images, one line per bad one. */
function tryImages({ before, steps }: Recording, images: number, random: (below: number) => number): string[] {
  if (!steps.some((step) => step.do === 'ack')) throw new Error('Nothing was acknowledged in the recorded life.');
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'countersign-image-'));
  const bad: string[] = [];
  try {
    for (let number = 0; number < images; number += 1) {
      const at = random(steps.length + 1);
      const problem = problemOf(folder, imageAt(before, steps.slice(0, at), random));
      if (problem !== null) bad.push(`image ${number}, power lost after step ${at} of ${steps.length}: ${problem}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return bad;
}

function problemOf(folder: string, { files, acknowledged }: Image): string | null {
  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `ledger.db${end}`), { force: true });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  try {
    const store = createLedgerStore({ folder, readonly: false, now: () => new Date().toISOString() });
    try {
      if (acknowledged !== null && store.eventsFrom(acknowledged.seq, 1)[0]?.hash !== acknowledged.head) return `event ${acknowledged.seq} was acknowledged and is lost`;
      const report = store.verify();
      if (!report.ok) return `the chain: ${report.firstBad?.text ?? ''}`;
      const plan = store.planHeader('B-1');
      const records = store.planRecords('B-1', null, 10_000);
      return plan !== null && sha256(canonicalJson({ ...plan.header, records })) === plan.hash ? null : 'the plan has another hash';
    } finally {
      store.close();
    }
  } catch (error) {
    return `the ledger cannot be used: ${String(error)}`;
  }
}
