import { setImmediate } from 'node:timers/promises';
import type { Ledger } from './ledger-ports.ts';
import type { Logger } from './ports.ts';

type DecisionLedger = Pick<Ledger, 'writeDecisions'>;

/** Writes all rows that an approval of very many records has left to write, part by part: other calls get their turn in between. */
export async function writeDecisions(ledger: DecisionLedger, isStopped: () => boolean = () => false): Promise<void> {
  while (!isStopped() && (await ledger.writeDecisions())) await setImmediate();
}

/** Writes such rows while other work goes on. */
export interface DecisionWriter {
  /** Begins where something is left. What cannot be written now is left for the next time. */
  begin(): void;
  /** Stops after the part at hand. */
  stop(): void;
}

export function createDecisionWriter(ledger: DecisionLedger, logger: Logger): DecisionWriter {
  let isUnderWay = false;
  let isStopped = false;
  return {
    begin() {
      if (isUnderWay) return;
      isUnderWay = true;
      writeDecisions(ledger, () => isStopped)
        .catch((error: unknown) => logger.warn('decisions.not-written', { error: error instanceof Error ? error.message : String(error) }))
        .finally(() => {
          isUnderWay = false;
        });
    },
    stop() {
      isStopped = true;
    },
  };
}
