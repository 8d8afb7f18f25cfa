import { AppFailure, throwIfCancelled } from '../app-failure.ts';
import type { Clock } from '../ports.ts';
import type { AuditLogRow, AuditTable } from '../warehouse-ports.ts';

const mostTries = 5;
const firstWaitMs = 250;
const longestWaitMs = 8_000;

/**
 * Appends rows until they are certainly there.
 *
 * Shape:  when an answer is lost the warehouse is asked which rows are there, and only the others are sent again.
 * Errors: what the warehouse throws of its own will, and the fifth lost answer; `cancelled`.
 */
export async function appendPatiently({ table, clock }: { table: AuditTable; clock: Clock }, rows: readonly AuditLogRow[], signal: AbortSignal): Promise<void> {
  let isFirst = true;
  await askPatiently(clock, signal, async () => {
    const there = isFirst ? new Set<string>() : await table.present(rows.map(({ event_id }) => event_id), signal);
    isFirst = false;
    const missing = rows.filter(({ event_id }) => !there.has(event_id));
    if (missing.length > 0) await table.append(missing, signal);
  });
}

/**
 * Asks again, after a while that doubles, as long as answers are lost; at most five times.
 *
 * Errors: what `ask` throws where its effect is known, and the fifth lost answer; `cancelled`.
 */
export async function askPatiently<T>(clock: Clock, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const isLost = error instanceof AppFailure && error.error.details['effect'] === 'unknown';
      if (!isLost || tries === mostTries) throw error;
      await clock.sleep(Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1)), signal).catch((reason: unknown) => {
        if (!signal.aborted) throw reason;
      });
      throwIfCancelled(signal, 'Copying the audit log');
    }
  }
}
