/** How long something took, again and again. */
export interface Times {
  median: number;
  p95: number;
  most: number;
  rounds: number;
}

/** Units: milliseconds. Errors: throws for no times at all. */
export function timesOf(measured: readonly number[]): Times {
  const sorted = measured.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  if (sorted.length === 0) throw new Error('Nothing was measured.');
  return { median: at(0.5), p95: at(0.95), most: at(1), rounds: sorted.length };
}

/** The same in one line. */
export function timesLine({ median, p95, most, rounds }: Times): string {
  return `median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, most ${most.toFixed(1)} ms (n=${rounds})`;
}

/** Keeps the measurements of one page under their names, in the order in which they came. */
export class Measurements {
  readonly #all = new Map<string, number[]>();

  add(name: string, ...ms: number[]): void {
    this.#all.set(name, [...(this.#all.get(name) ?? []), ...ms]);
  }

  times(name: string): Times | null {
    const measured = this.#all.get(name);
    return measured === undefined || measured.length === 0 ? null : timesOf(measured);
  }

  get names(): string[] {
    return [...this.#all.keys()];
  }
}
