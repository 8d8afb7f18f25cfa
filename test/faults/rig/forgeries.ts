import { runForgeries } from '../forgeries/run-forgeries.ts';
import { boundOf, newReport, type PartReport, type RigOptions } from './report.ts';

/** Forges audit logs before their last anchor and wants both verifiers to find each forgery, and to accept the honest logs. */
export async function runForgeryPart(options: RigOptions): Promise<PartReport> {
  const report = newReport('forgeries');
  const missed: string[] = [];
  const counts = await runForgeries({ count: options.size === 'long' ? 50_000 : 1_000, seed: options.seed, log: (line) => missed.push(line) });
  const { tried, missedByApp, missedByScript, honestRefused } = counts;
  report.failed = Math.max(missedByApp, missedByScript) + honestRefused;
  report.passed = tried - Math.max(missedByApp, missedByScript);
  if (report.failed > 0) report.problems.push(...missed);
  report.lines.push(
    `${tried} forgeries of ${Object.keys(counts.kinds).length} kinds, all older than the last anchor`,
    `  missed by the app: ${boundOf(missedByApp, tried)}`,
    `  missed by the script: ${boundOf(missedByScript, tried)}`,
    `  honest logs refused: ${honestRefused}`,
  );
  return report;
}
