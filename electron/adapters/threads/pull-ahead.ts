/**
 * Batches that somebody else makes, each asked for while the one before is used.
 *
 * Shape:  an empty batch is the end. `check` is called when a batch has come; what it throws ends the pulling.
 * Errors: what `next` and `check` throw.
 */
export async function* pullAhead<T>(next: () => Promise<readonly T[]>, check: () => void): AsyncGenerator<readonly T[]> {
  let coming = next();
  for (;;) {
    const batch = await coming;
    check();
    if (batch.length === 0) return;
    coming = next();
    // Awaited in the next round; until then a failure must not count as unhandled.
    coming.catch(() => {});
    yield batch;
  }
}
