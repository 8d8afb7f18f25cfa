/** How many of each the sample has. */
export interface SamplePlan {
  creates: number;
  /** Creates with at least one feature. */
  p1: number;
  /** Updates with at least one effective change. */
  updates: number;
  /** Updates that change at least one flag. */
  flagUpdates: number;
  /** Records that already hold what is proposed. */
  unchanged: number;
  /** Groups with one ACTIVE property and two live records: two updates each. */
  twoRecordGroups: number;
  /** Groups with two ACTIVE properties, updated and created. */
  twoActiveUpdates: number;
  twoActiveCreates: number;
  /** Groups with one ACTIVE property and one, two or three that are not, one record each. */
  pairs: number;
  triples: number;
  quadruples: number;
  /** How many of the pairs are creates. */
  pairCreates: number;
  /** ACTIVE properties, about. */
  activeProperties: number;
}

/** The proportions of the mission: 9,084 ACTIVE properties, 2,410 properties in groups of two and more. */
const whole: SamplePlan = {
  creates: 1_081,
  p1: 507,
  updates: 7_980,
  flagUpdates: 799,
  unchanged: 41,
  twoRecordGroups: 100,
  twoActiveUpdates: 70,
  twoActiveCreates: 9,
  pairs: 725,
  triples: 120,
  quadruples: 60,
  pairCreates: 100,
  activeProperties: 9_084,
};

/**
 * The numbers of a sample with about so many ACTIVE properties.
 *
 * Shape:  without a number the exact proportions of the mission; otherwise each number in proportion, rounded.
 */
export function planSample(activeProperties: number = whole.activeProperties): SamplePlan {
  const part = (count: number): number => Math.round((count * activeProperties) / whole.activeProperties);
  const plan = Object.fromEntries(Object.entries(whole).map(([name, count]) => [name, part(count)])) as unknown as SamplePlan;
  // Park Kennedy is always there, and changes flags.
  return { ...plan, updates: Math.max(1, plan.updates), flagUpdates: Math.max(1, plan.flagUpdates) };
}

/** Spreads `chosen` evenly over `total` positions, the first one always among them: is this position chosen? */
export function isChosen(position: number, chosen: number, total: number): boolean {
  return Math.floor((position * chosen) / total) !== Math.floor(((position - 1) * chosen) / total);
}
