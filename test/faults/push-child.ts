/**
 * One life of a process that pushes: starts the run of batch B-1, or takes up the one that a dead process has left.
 * `node push-child.ts JSON` with `{ folder, url, credentials, killAt, inFlightMs }`; it kills itself at step `killAt`, where a step is the
 * beginning or the end of every durable commit and every call to the org; a call that writes is killed in flight, `inFlightMs` after it began.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { jsforceOrg } from '../../electron/adapters/salesforce/jsforce-org.ts';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { Clock } from '../../electron/core/ports.ts';
import { markInterrupted, resumeRun } from '../../electron/core/push/resume.ts';
import { startRun } from '../../electron/core/push/run.ts';
import { asAda, pushDeps } from '../core/push/push-workbench.ts';

interface Life {
  folder: string;
  url: string;
  credentials: { username: string; password: string; clientId: string; clientSecret: string };
  killAt: number;
  inFlightMs: number;
}

const life = JSON.parse(process.argv[2] ?? '') as Life;
let steps = 0;
const die = (): void => void process.kill(process.pid, 'SIGKILL');
const step = (): void => {
  steps += 1;
  if (steps === life.killAt) die();
};

function mortal<T extends object>(port: T, names: readonly (keyof T)[], writes: readonly (keyof T)[]): T {
  const watched = names.map((name) => {
    const method = port[name] as (...args: unknown[]) => Promise<unknown>;
    return [
      name,
      async (...args: unknown[]) => {
        step();
        const answer = method(...args);
        if (writes.includes(name)) {
          steps += 1;
          if (steps === life.killAt) setTimeout(die, life.inFlightMs);
        }
        const result = await answer;
        step();
        return result;
      },
    ];
  });
  return { ...port, ...(Object.fromEntries(watched) as Partial<T>) };
}

const org = jsforceOrg({ connection: { loginUrl: life.url, ...life.credentials }, apiVersion: '64.0', sleep: async () => undefined });
const ledger = await openLedger({ folder: life.folder, threads: false });
const clock: Clock = { now: () => new Date().toISOString(), elapsedMs: () => performance.now(), sleep: (ms, signal) => delay(Math.min(ms, 5), undefined, { signal }) };
const deps = pushDeps({
  ledger: mortal(ledger, ['commit'], []),
  org: mortal(org, ['readByIds', 'readByKeys', 'insert', 'update'], ['insert', 'update']),
  clock,
  chunkSize: 5,
});
const [left] = await ledger.runs('B-1');
if (left !== undefined) await markInterrupted(deps);
const run = left === undefined ? await startRun(deps, asAda(), { batch: { id: 'B-1' }, mode: 'auto' }) : await resumeRun(deps, asAda(), { runId: left.id });
await ledger.close();
await org.close();
process.stdout.write(JSON.stringify({ run, steps }));
