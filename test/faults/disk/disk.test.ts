import { describe, expect, it, type TestContext } from 'vitest';
import { runDiskErrors } from './disk-errors.ts';
import type { FaultOptions, FaultReport } from './fault-part.ts';
import { runFullDisk } from './full-disk.ts';
import { withLifePrograms } from './life-programs.ts';
import { runPowerLoss } from './power-loss.ts';
import { runSyscallKills } from './syscall-kills.ts';

const seed = Number(process.env['FAULTS_SEED'] ?? 20_261_126);
const timeout = 600_000;

/** Runs a few cases of a part, which `npm run faults` has more of: none of its cases may be bad, and a part that could not be tried is skipped, never passed. */
async function holds(part: (options: FaultOptions) => Promise<FaultReport>, { skip }: TestContext): Promise<void> {
  const { tried, bad, details, notRun } = await withLifePrograms((programs) => part({ programs, seed, size: 'few', log: () => undefined }));
  expect({ seed, bad, details }).toEqual({ seed, bad: 0, details: [] });
  if (notRun !== null) skip(notRun);
  expect(tried).toBeGreaterThan(0);
}

describe('on a disk that fails', () => {
  it('Rows 1, 2 and 5: a push that is killed before a disk call, also while it recovers, loses nothing and sends nothing twice', { timeout }, (context) => holds(runSyscallKills, context));
  it('Rows 21, 22 and 30: a disk call that fails stops the sending in plain words, and what was cut short is brought to its end', { timeout }, (context) => holds(runDiskErrors, context));
  it('Row 21: a full disk stops a push, and room on it lets it go on', { timeout }, (context) => holds(runFullDisk, context));
  it('Row 23: a power loss takes no event that was said to be durable, and does so where nobody waits for the disk', { timeout }, (context) => holds(runPowerLoss, context));
});
