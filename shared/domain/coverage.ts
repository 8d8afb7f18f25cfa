/**
 * The largest part of a set that can be wrong when `wrong` of `drawn` records, drawn at random, were found wrong: the exact upper
 * bound of Clopper and Pearson, one-sided.
 *
 * Shape:  between 0 and 1; 1 when nothing was drawn; the found share itself when all were.
 * Units:  confidence as a part of 1.
 * Errors: never throws.
 * Source: Clopper and Pearson, "The use of confidence or fiducial limits", Biometrika 26 (1934). For 0 wrong in n it is
 *         1 - (1 - confidence)^(1/n), about 3/n at 95 %.
 */
export function upperBound({ drawn, wrong, population, confidence = 0.95 }: { drawn: number; wrong: number; population: number; confidence?: number }): number {
  if (drawn <= 0) return 1;
  if (drawn >= population) return wrong / drawn;
  if (wrong >= drawn) return 1;
  let [low, high] = [wrong / drawn, 1];
  for (let step = 0; step < 60; step += 1) {
    const share = (low + high) / 2;
    if (chanceOfAtMost(wrong, drawn, share) > 1 - confidence) low = share;
    else high = share;
  }
  return high;
}

/** Chance of at most `wrong` wrong ones among `drawn` when this share is wrong. */
function chanceOfAtMost(wrong: number, drawn: number, share: number): number {
  if (share >= 1) return 0;
  let term = drawn * Math.log1p(-share);
  let sum = Math.exp(term);
  for (let k = 1; k <= wrong; k += 1) {
    term += Math.log((drawn - k + 1) / k) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(term);
  }
  return sum;
}
