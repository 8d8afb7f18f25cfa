import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomFrom } from '../random-from.ts';
import { chunkSize, openSmallBatch, planned } from './cases.ts';
import { isPlain } from './disk-errors.ts';
import type { FaultOptions, FaultReport } from './fault-part.ts';
import { problemsAfterRecovery } from './oracle.ts';
import type { LifeEnd } from './pushing-life.ts';
import { run } from './strace.ts';
import { wordsOf } from './syscall-kills.ts';

/** Bytes of room beside the ledger: from too little for anything to enough for the whole push. */
const leastRoom = 16 * 1024;
const mostRoom = 640 * 1024;
const enough = '64m';

/** Pushes on a real disk that is too small, then makes room: what was cut short must be brought to its end. */
export async function runFullDisk({ programs, seed, size, log }: FaultOptions): Promise<FaultReport> {
  const report: FaultReport = { name: 'Row 21: a full disk', tried: 0, bad: 0, details: [], notRun: null };
  const random = randomFrom(seed);
  const cases = { long: 64, ci: 8, few: 3 }[size];
  let refused = 0;
  for (let number = 0; number < cases && report.notRun === null; number += 1) {
    const room = leastRoom + Math.floor(((mostRoom - leastRoom) * (number + random(100) / 100)) / cases);
    const tried = await pushOnSmallDisk(programs.pushing, room);
    report.notRun = tried.notRun;
    if (tried.notRun !== null) break;
    report.tried += 1;
    refused += tried.refused ? 1 : 0;
    if (tried.problems.length === 0) continue;
    report.bad += 1;
    report.details.push(`with ${room} bytes of room: ${tried.problems.join('; ')}`);
  }
  log(`${refused} of ${report.tried} pushes found the disk full`);
  if (report.notRun === null && refused === 0) report.notRun = 'the small disk never was full';
  return report;
}

async function pushOnSmallDisk(life: string, room: number): Promise<{ problems: string[]; refused: boolean; notRun: string | null }> {
  const bench = await openSmallBatch();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
  const ledger = join(bench.folder, 'ledger.db');
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${statSync(ledger).size + room}`, 'tmpfs', folder]);
  try {
    if (mounted.status !== 0) return { problems: [], refused: false, notRun: 'a small disk cannot be mounted here (mount -t tmpfs)' };
    copyFileSync(ledger, join(folder, 'ledger.db'));
    const ended = await run(process.execPath, wordsOf(life, { ...bench.start, folder }));
    const problems: string[] = [];
    let refused = false;
    if (ended.code !== 0) problems.push(`the life died of it: ${ended.stderr}`);
    else {
      const { state, refusals } = JSON.parse(ended.stdout) as LifeEnd;
      refused = refusals.length > 0;
      problems.push(...refusals.filter(({ code, message }) => code !== 'audit-not-writable' || !isPlain(message)).map(({ code, message }) => `refused with ${code}: ${message}`));
      if (state === null && !refused) problems.push('neither done nor refused');
      if (state !== null && state !== 'completed') problems.push(`the run is ${state}`);
    }
    spawnSync('mount', ['-o', `remount,size=${enough}`, folder]);
    problems.push(...(await problemsAfterRecovery({ ...bench, folder }, planned, chunkSize)));
    return { problems, refused, notRun: null };
  } finally {
    if (mounted.status === 0) spawnSync('umount', [folder]);
    rmdirSync(folder);
    await bench.close();
  }
}
