import { AppFailure } from '../app-failure.ts';
import { createQueue } from '../in-turn.ts';
import type { Logger } from '../ports.ts';
import { atMost } from './at-most.ts';
import { shipAudit, type ShipDeps } from './ship-audit.ts';

const everyMs = 60_000;
const longestPauseMs = 600_000;
/** How long a one-shot command waits for the warehouse before it ends. */
const oneShotMs = 20_000;
/** How long a window or page waits before it closes. */
const closingMs = 5_000;
/** How long work that does not heed its signal is waited for. */
const windUpMs = 2_000;

export interface ShipperOptions {
  deps: ShipDeps;
  logger: Logger;
  /** Told after every try how many events still wait. */
  onShipped(backlog: number): void;
  /** True where the app stays open: it copies by itself, again and again. False: once, when it closes. */
  isLasting: boolean;
}

/** Copies the audit log, one shipment at a time, without ever delaying or failing what the events tell of. */
export interface Shipper {
  /** Copies what waits now. Errors: those of `shipAudit`. */
  ship(signal: AbortSignal): Promise<void>;
  /** Tries once within a bounded time. Errors: none; why it failed is stored in the ledger. */
  shipSoon(signal: AbortSignal): Promise<void>;
  /** Something was done that should be copied soon. */
  nudge(): void;
  /** Copies the rest if that can be done quickly, and ends. `hurry`: nobody wants to wait for it. */
  close(hurry: AbortSignal): Promise<void>;
}

/**
 * Starts copying the audit log in the background.
 *
 * Shape:  where the app stays open: after a nudge and every minute while something waits, with pauses of up to ten minutes
 *         as long as it fails; at the end what can be copied within seconds, if the warehouse answered last time. In a
 *         one-shot command: after a nudge, before it ends, unless a try failed within the last minute.
 */
export function createShipper({ deps, logger, onShipped, isLasting }: ShipperOptions): Shipper {
  const { clock, ledger } = deps;
  const inTurn = createQueue();
  const ending = new AbortController();
  let tries = 0;
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  let isDue = false;

  const tell = async (): Promise<number> => {
    const [{ events }, { shipped }] = await Promise.all([ledger.chainHead(), ledger.shipping()]);
    onShipped(events - shipped);
    return events - shipped;
  };
  const ship = (signal: AbortSignal): Promise<void> =>
    inTurn(async () => {
      isDue = false;
      tries += 1;
      try {
        await shipAudit(deps, AbortSignal.any([signal, ending.signal]));
        failures = 0;
        notBefore = Number.NEGATIVE_INFINITY;
      } catch (error) {
        if (!(error instanceof AppFailure && error.error.code === 'cancelled')) failures += 1;
        notBefore = clock.elapsedMs() + Math.min(longestPauseMs, everyMs * 2 ** Math.max(0, failures - 1));
        throw error;
      } finally {
        await tell();
      }
    });
  /** Nobody waits for it, so nobody can be told but the log. */
  const quietly = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (error instanceof AppFailure) logger.warn('audit.not-copied', { code: error.error.code });
      else logger.error('audit.not-copied', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  const shipSoon = (signal: AbortSignal, ms = oneShotMs): Promise<void> => quietly(() => atMost(ms, signal, ship));

  const hasWork = async (): Promise<boolean> => {
    const [{ events }, { shipped, failure }] = await Promise.all([ledger.chainHead(), ledger.shipping()]);
    return events > shipped || failure !== null;
  };
  const watch = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await clock.sleep(everyMs, ending.signal).catch((reason: unknown) => {
        if (!ending.signal.aborted) throw reason;
      });
      if (ending.signal.aborted || clock.elapsedMs() < notBefore) continue;
      if (await hasWork()) await quietly(() => ship(ending.signal));
    }
  };
  const watching = isLasting ? quietly(watch) : Promise.resolve();

  /** A one-shot command that follows on a failed one does not wait for the same failure again. */
  const failedJustNow = async (): Promise<boolean> => {
    const { failure } = await ledger.shipping();
    return failure !== null && Date.parse(clock.now()) - Date.parse(failure.at) < everyMs;
  };
  const shipRest = async (hurry: AbortSignal): Promise<void> => {
    if (isLasting) {
      if (tries > 0 && failures === 0 && (await hasWork())) await shipSoon(hurry, closingMs);
    } else if (isDue) {
      await ((await failedJustNow()) ? tell() : shipSoon(hurry));
    }
  };

  return {
    ship,
    shipSoon: (signal) => shipSoon(signal),
    nudge() {
      const wasDue = isDue;
      isDue = true;
      if (isLasting && !wasDue && clock.elapsedMs() >= notBefore) void quietly(() => ship(ending.signal));
    },
    async close(hurry) {
      await quietly(() => shipRest(hurry));
      ending.abort();
      await quietly(() => atMost(windUpMs, new AbortController().signal, () => Promise.all([watching, inTurn(async () => {})])));
    },
  };
}
