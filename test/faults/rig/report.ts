/** What one part of the rig found. Each case counts once in the closing line. */
export interface PartReport {
  name: string;
  passed: number;
  failed: number;
  /** Lines for people, with counts. */
  lines: string[];
  /** One line per failed case. */
  problems: string[];
  /** What could not run on this machine, each counted as skipped. */
  notRun: string[];
}

export interface RigOptions {
  seed: number;
  /** `ci`: minutes. `long`: hours. */
  size: 'ci' | 'long';
  log(line: string): void;
}

/** An empty report. */
export function newReport(name: string): PartReport {
  return { name, passed: 0, failed: 0, lines: [], problems: [], notRun: [] };
}

/** Counts one case. */
export function count(report: PartReport, problem: string | null): void {
  if (problem === null) report.passed += 1;
  else {
    report.failed += 1;
    report.problems.push(problem);
  }
}

/**
 * What a zero proves.
 *
 * Source: rule of three: 0 of n seen means, at 95 %, a rate below 3 / n.
 */
export function boundOf(bad: number, tried: number): string {
  if (tried === 0) return 'nothing was tried';
  if (bad > 0) return `${bad} of ${tried}`;
  return `0 of ${tried} (at 95 % fewer than ${Math.min(100, Number(((3 / tried) * 100).toPrecision(2)))} %)`;
}
