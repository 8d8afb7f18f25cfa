import { boundOf, newReport, type PartReport, type RigOptions } from '../rig/report.ts';
import { runDiskErrors } from './disk-errors.ts';
import type { FaultOptions } from './fault-part.ts';
import { runFullDisk } from './full-disk.ts';
import { withLifePrograms } from './life-programs.ts';
import { runPowerLoss } from './power-loss.ts';
import { runSyscallKills } from './syscall-kills.ts';

/** Runs all parts below the engine, one after the other, as one part of the rig. */
export function runDisk(options: RigOptions): Promise<PartReport> {
  return withLifePrograms((programs) => runParts({ ...options, programs }));
}

async function runParts(options: FaultOptions): Promise<PartReport> {
  const report = newReport('disk');
  for (const part of [runSyscallKills, runDiskErrors, runFullDisk, runPowerLoss]) {
    const began = performance.now();
    const { name, tried, bad, details, notRun } = await part(options);
    report.passed += Math.max(0, tried - bad);
    report.failed += bad;
    report.problems.push(...details.map((detail) => `${name}: ${detail}`));
    if (notRun !== null) report.notRun.push(`${name}: ${notRun}`);
    report.lines.push(`${name}: ${boundOf(bad, tried)} bad, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  return report;
}
