import type { Shipping } from '../../../shared/domain/warehouse.ts';
import { AppFailure } from '../app-failure.ts';
import { createQueue } from '../in-turn.ts';
import type { Logger } from '../ports.ts';
import { atMost } from './at-most.ts';
import { describeShipping, keepFailure, shipAudit, type ShipDeps } from './ship-audit.ts';

const everyMs = 60_000;
const longestPauseMs = 600_000;
/** How long a one-shot command, or a run that may not start, waits for the warehouse. */
const soonMs = 20_000;
/** How long a window or page waits before it closes. */
const closingMs = 5_000;
/** How long work that does not heed its signal is waited for. */
const windUpMs = 2_000;

export interface ShipperOptions {
  deps: ShipDeps;
  logger: Logger;
  /** The policy's limit of events that may wait. */
  limit(): Promise<number | null>;
  /** Told after every try how many events still wait. */
  onShipped(backlog: number): void;
  /** True where the app stays open: it copies by itself, again and again. False: once, when it closes. */
  isLasting: boolean;
  /** False where another process may be copying: nothing is copied here. */
  isAlone: boolean;
}

/** Copies the audit log, one shipment at a time, without ever delaying or failing what the events tell of. */
export interface Shipper {
  describe(): Promise<Shipping>;
  /** Copies what waits now. Errors: those of `shipAudit`; `workspace-busy` where another process may be copying. */
  ship(signal: AbortSignal): Promise<Shipping>;
  /** One try, within a bounded time, where a run would be refused for a fork, or a new one for a backlog, that may be gone by now. Errors: none. */
  beforeRun(signal: AbortSignal, run: 'new' | 'resumed'): Promise<void>;
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
 *         one-shot command: after a nudge, before it ends, unless a try failed within the last minute. The clock of an
 *         app that stays open must really wait.
 */
export function createShipper({ deps, logger, limit, onShipped, isLasting, isAlone }: ShipperOptions): Shipper {
  const { clock, ledger } = deps;
  const inTurn = createQueue();
  const ending = new AbortController();
  let tries = 0;
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  let isDue = false;

  const describe = async (): Promise<Shipping> => describeShipping(deps, await limit());
  const tell = async (): Promise<void> => onShipped((await describe()).backlog);
  const hasWork = async (): Promise<boolean> => {
    const { backlog, failure } = await describe();
    return backlog > 0 || failure !== null;
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
  /** A warehouse that is slow but takes something has not failed. */
  const shipSoon = async (signal: AbortSignal): Promise<void> => {
    const { shipped } = await ledger.shipping();
    try {
      await atMost(soonMs, signal, ship);
    } catch (error) {
      if (error instanceof AppFailure && error.error.details['isTimeout'] === true && (await ledger.shipping()).shipped === shipped) await keepFailure(deps, error);
      throw error;
    }
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
  const watching = isAlone && isLasting ? quietly(watch) : Promise.resolve();

  /** A one-shot command that follows on a failed one does not wait for the same failure again. */
  const failedJustNow = async (): Promise<boolean> => {
    const { failure } = await ledger.shipping();
    return failure !== null && Date.parse(clock.now()) - Date.parse(failure.at) < everyMs;
  };
  const shipRest = async (hurry: AbortSignal): Promise<void> => {
    if (isLasting) {
      if (tries > 0 && failures === 0 && (await hasWork())) await atMost(closingMs, hurry, ship);
    } else if (isDue) {
      await ((await failedJustNow()) ? tell() : shipSoon(hurry));
    }
  };

  return {
    describe,
    async ship(signal) {
      if (!isAlone) throw new AppFailure('workspace-busy', 'Another program may be copying the audit log of this workspace. Nothing was copied. Wait until it is done, and open the workspace alone.');
      await ship(signal);
      return describe();
    },
    async beforeRun(signal, run) {
      const { failure, backlog, limit: most } = await describe();
      const isOverLimit = run === 'new' && most !== null && backlog > most;
      if (isAlone && (failure?.fork || isOverLimit)) await quietly(() => shipSoon(signal));
    },
    nudge() {
      const wasDue = isDue;
      isDue = isAlone;
      if (isDue && isLasting && !wasDue && clock.elapsedMs() >= notBefore) void quietly(() => ship(ending.signal));
    },
    async close(hurry) {
      await quietly(() => shipRest(hurry));
      ending.abort();
      await quietly(() => atMost(windUpMs, new AbortController().signal, () => Promise.all([watching, inTurn(async () => {})])));
    },
  };
}
