/** Batches that may wait for the writer; more would only take memory. */
const mostWaiting = 1;

/**
 * Lets batches be stored while the next ones are made.
 *
 * Errors: what storing a batch throws, `add` or `end` throws a little later.
 */
export class WriteBehind {
  readonly #waiting: Promise<void>[] = [];

  /** Resolves as soon as the next batch may be made. */
  async add(storing: Promise<void>): Promise<void> {
    // Awaited later; until then a failure must not count as unhandled.
    storing.catch(() => {});
    this.#waiting.push(storing);
    if (this.#waiting.length > mostWaiting) await this.#waiting.shift();
  }

  /** Resolves when all batches are stored. */
  async end(): Promise<void> {
    for (const storing of this.#waiting.splice(0)) await storing;
  }
}
