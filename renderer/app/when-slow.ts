/** A step under way. */
export interface SlowStep {
  /** It was said that it takes its time. */
  isSaid: boolean;
  end(): void;
}

const saidAfterMs = 700;

/** Says that a step is under way once it takes longer than a person expects, unless it has ended by then. */
export function whenSlow(say: () => void): SlowStep {
  const timer = window.setTimeout(() => {
    step.isSaid = true;
    say();
  }, saidAfterMs);
  const step: SlowStep = { isSaid: false, end: () => window.clearTimeout(timer) };
  return step;
}
