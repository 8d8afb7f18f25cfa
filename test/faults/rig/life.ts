/**
 * One life of a process that pushes: opens the ledger, proves its chain, then starts the run of batch B-1, or takes up the one that
 * a dead process has left.
 *
 * Call:  node life.mjs ORDERS (JSON). Prints one JSON line when it begins to work and one when the run has ended.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { Clock } from '../../../electron/core/ports.ts';
import { markInterrupted, resumeRun } from '../../../electron/core/push/resume.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import { isOpenRun, type Run } from '../../../shared/domain/batch.ts';
import { asAda, pushDeps } from '../../core/push/push-workbench.ts';
import type { LifeOrders } from './kill-point.ts';
import { mortality } from './mortality.ts';

const orders = JSON.parse(process.argv[2] ?? '') as LifeOrders;
const tell = (fact: object): void => void process.stdout.write(`${JSON.stringify(fact)}\n`);
const mostResumes = 5;

/** Real time, but nobody has to wait for a second try. */
const clock: Clock = {
  now: () => new Date().toISOString(),
  elapsedMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms > orders.lateEffectMs ? Math.min(ms, 5) : ms, undefined, { signal }),
};

const mortal = mortality(orders.killAt);
const ledger = await openLedger({ folder: orders.folder, threads: false });
const chain = await ledger.verify();
const real = jsforceOrg({ connection: { instanceUrl: orders.url, accessToken: orders.accessToken }, apiVersion: '64.0', timeoutMs: 10_000, sleep: async () => undefined });
const deps = pushDeps({ ledger: mortal.ledger(ledger), org: mortal.org({ ...real, lateEffectMs: orders.lateEffectMs }), clock, chunkSize: orders.chunkSize });
tell({ begun: true, chain: chain.ok });

const [left] = await ledger.runs('B-1');
if (left !== undefined) await markInterrupted(deps);
let run: Run | null = left === undefined ? await startRun(deps, asAda(), { batch: { id: 'B-1' }, mode: orders.mode }) : await ledger.run(left.id);
for (let resumes = 0; run !== null && isOpenRun(run) && resumes < mostResumes; resumes += 1) run = await resumeRun(deps, asAda(), { runId: run.id });
mortal.pass('ended');
await ledger.close();
await real.close();
tell({ run, moments: mortal.passed() });
