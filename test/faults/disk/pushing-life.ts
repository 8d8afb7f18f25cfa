/**
 * One life of a process that pushes batch B-1 of a workspace, on disk calls that may fail.
 * `node pushing-life.ts JSON` with `{ folder, url, credentials }`. When the ledger cannot be written it looks whether the ledger can
 * still be read, then tries again, as a person would; after three tries it gives up. It prints what it came to (`LifeEnd`).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { Clock } from '../../../electron/core/ports.ts';
import type { SimulatedOrg } from '../../../electron/sample/org/start-org.ts';
import type { Run } from '../../../shared/domain/batch.ts';
import { pushToTheEnd } from './push-to-the-end.ts';

/** What a life is started with. */
export interface LifeStart {
  folder: string;
  url: string;
  credentials: SimulatedOrg['credentials'];
  /** Records in a chunk. */
  chunkSize: number;
  /** Wall clock at the start, as milliseconds to add to the true one; it jumps to the second value after so many readings. */
  clockOffsets?: { first: number; later: number; readings: number };
}

/** What a life came to. */
export interface LifeEnd {
  state: Run['state'] | null;
  /** Refusals on the way, in order. */
  refusals: { code: string; message: string }[];
  /** What became of opening the ledger for reading after each refusal: `read`, or the words of the refusal. */
  reads: string[];
}

const mostTries = 3;

function clockOf({ clockOffsets }: LifeStart): Clock {
  let readings = 0;
  const now = (): string => {
    readings += 1;
    const offset = clockOffsets === undefined ? 0 : readings > clockOffsets.readings ? clockOffsets.later : clockOffsets.first;
    return new Date(Date.now() + offset).toISOString();
  };
  return { now, elapsedMs: () => performance.now(), sleep: (ms, signal) => delay(Math.min(ms, 20), undefined, { signal }) };
}

async function live(start: LifeStart): Promise<LifeEnd> {
  const end: LifeEnd = { state: null, refusals: [], reads: [] };
  const org = jsforceOrg({ connection: { loginUrl: start.url, ...start.credentials }, apiVersion: '64.0', sleep: async () => undefined });
  const clock = clockOf(start);
  let ledger: Ledger | null = null;
  for (let tries = 0; tries < mostTries && end.state === null; tries += 1) {
    try {
      ledger ??= await openLedger({ folder: start.folder, threads: false, now: clock.now });
      end.state = (await pushToTheEnd(ledger, org, clock, start.chunkSize)).state;
    } catch (error) {
      if (!(error instanceof AppFailure)) throw error;
      end.refusals.push({ code: error.error.code, message: error.message });
      end.reads.push(await readAnyway(start.folder));
    }
  }
  await ledger?.close();
  await org.close();
  return end;
}

async function readAnyway(folder: string): Promise<string> {
  try {
    const reader = await openLedger({ folder, readonly: true, threads: false });
    await reader.batch('B-1');
    await reader.close();
    return 'read';
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    return error.message;
  }
}

process.stdout.write(JSON.stringify(await live(JSON.parse(process.argv[2] ?? '') as LifeStart)));
