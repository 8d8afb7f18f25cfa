/**
 * The push engine with its ledger in a thread, as in the app: `node push-ours.ts JSON` with `{ address, folder, mode }` runs batch
 * B-1 of the ledger in the folder; prints `{ seconds, peakMb, state, succeeded }`.
 */
import { jsforceOrg } from '../../electron/adapters/salesforce/jsforce-org.ts';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { startRun } from '../../electron/core/push/run.ts';
import { systemClock } from '../../electron/hosts/system-clock.ts';
import type { PushMode } from '../../shared/domain/batch.ts';
import { asAda, pushDeps } from '../core/push/push-workbench.ts';
import { watchMemory } from './memory.ts';
import type { OrgAddress } from './org-process.ts';

const { address, folder, mode } = JSON.parse(process.argv[2] ?? '') as { address: OrgAddress; folder: string; mode: PushMode };
const memory = watchMemory();
const { url, ...credentials } = address;
const org = jsforceOrg({ connection: { loginUrl: url, ...credentials }, apiVersion: '64.0' });
const ledger = await openLedger({ folder });
const started = performance.now();
const run = await startRun(pushDeps({ ledger, org, clock: systemClock }), asAda(), { batch: { id: 'B-1' }, mode });
process.stdout.write(JSON.stringify({ seconds: (performance.now() - started) / 1_000, peakMb: memory.peakMb(), state: run.state, succeeded: run.counts.succeeded }));
memory.stop();
await ledger.close();
await org.close();
