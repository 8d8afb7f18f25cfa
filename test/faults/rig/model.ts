import { checkPushModel } from '../model/commands.ts';
import type { LifeOrders } from './kill-point.ts';
import { boundOf, count, newReport, type PartReport, type RigOptions } from './report.ts';

/** Tries random sequences of all that people, Salesforce and time can do to a run; each mode counts once. */
export async function runModel(modes: readonly LifeOrders['mode'][], options: RigOptions): Promise<PartReport> {
  const report = newReport('model');
  const sequences = options.size === 'long' ? 20_000 : 120;
  for (const mode of modes) {
    const problem = await checkPushModel(mode, { sequences, seed: options.seed }).then(
      () => null,
      (error: unknown) => `${mode}: ${error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error)}`,
    );
    count(report, problem);
    report.lines.push(`${mode}: sequences that break a promise: ${problem === null ? boundOf(0, sequences) : 'at least 1'}`);
  }
  return report;
}
