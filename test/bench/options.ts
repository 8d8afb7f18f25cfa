/** As in electron/hosts/require-node.mjs. */
export const memoryFlags = ['--max-old-space-size=1024', '--max-semi-space-size=8'];

/** What every part of the bench is given. */
export interface BenchOptions {
  /** ACTIVE properties of the sample. */
  properties: number;
  /** How often a call of the grid is made. */
  rounds: number;
  /** Folder in which the refresh part keeps its sample from one run to the next; null: a temporary one. */
  keep: string | null;
}
