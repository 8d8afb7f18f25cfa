/**
 * Closes one part after the other, in the order given, also after one could not be closed.
 *
 * Errors: rejects at the end with what the first one threw.
 */
export async function closeAll(closers: readonly (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
