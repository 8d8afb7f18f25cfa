import type { LifePrograms } from './life-programs.ts';

/** How a part of the fault rig is asked to run. */
export interface FaultOptions {
  programs: LifePrograms;
  /** Everything that is drawn by lot follows from it. */
  seed: number;
  /** `few`: what a test has time for. `ci`: what `npm run faults` tries. `long`: every case. */
  size: 'few' | 'ci' | 'long';
  log(line: string): void;
}

/** What a part of the fault rig has found. */
export interface FaultReport {
  name: string;
  /** Cases that were really tried. */
  tried: number;
  bad: number;
  /** One line per bad case, with what is needed to repeat it. */
  details: string[];
  /** Why the part, or some of it, could not be tried on this machine; it does not count as passed then. */
  notRun: string | null;
}
