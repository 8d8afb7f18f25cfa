import { upperBound } from '../../shared/domain/coverage.ts';
import type { Sample } from '../../shared/domain/shape.ts';
import { number } from '../words.ts';

/** A bound as a whole percentage, rounded up: what is said to be the most must not be less than it. */
function atMost(bound: number): string {
  const percents = bound * 100;
  return percents < 1 ? `${number(Math.ceil(percents * 10) / 10)} %` : `${number(Math.ceil(percents))} %`;
}

/** How much of a set has been looked at, and what that says about the rest: a bound only for a random draw that was looked at as a whole. */
export function coverageSentence(sample: Sample | null, set: { viewed: number; count: number }): string {
  if (sample === null) return `${number(set.viewed)} of ${number(set.count)} viewed. Records picked by hand say nothing about the rest; a random draw does.`;
  const { drawn, viewed, wrong, population, bound } = sample;
  if (bound === null || viewed < drawn) return `${number(viewed)} of ${number(drawn)} looked at. Once all of them are, it can be said how much of the shape is wrong at most.`;
  if (drawn >= population) return `All ${number(population)} were looked at: ${wrong === 0 ? 'none is wrong' : `${number(wrong)} ${wrong === 1 ? 'is' : 'are'} wrong`}.`;
  return `With ${number(wrong)} wrong in ${number(drawn)}, at most about ${atMost(bound)} of the shape is wrong, at 95 % confidence.`;
}

/** What a larger draw would bring; null where it brings nothing. */
export function furtherSentence(sample: Sample, more: number): string | null {
  if (sample.bound === null || more <= 0) return null;
  const next = upperBound({ drawn: sample.drawn + more, wrong: sample.wrong, population: sample.population });
  const words = atMost(next);
  return words === atMost(sample.bound) ? null : `${number(more)} more without a wrong one would bring this to about ${words}.`;
}
