/** Does work in a number of lanes side by side: each lane asks for the next piece until there is none. */
export async function inLanes(lanes: number, next: () => (() => Promise<void>) | null): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let work = next(); work !== null; work = next()) await work();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Deals with each of a list in a number of lanes. */
export async function eachInLanes<T>(lanes: number, list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...list];
  await inLanes(lanes, () => {
    const one = waiting.shift();
    return one === undefined ? null : () => work(one);
  });
}
