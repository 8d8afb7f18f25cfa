/** Pushes batch B-1 of a workspace in a process of its own and tells its memory: `node large-set-child.ts JSON` with `{ folder, url, credentials, mode }`. */
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import { systemClock } from '../../../electron/hosts/system-clock.ts';
import { watchMemory } from '../../bench/memory.ts';
import { asAda, pushDeps } from '../../core/push/push-workbench.ts';

export interface LargeSet {
  folder: string;
  url: string;
  credentials: { username: string; password: string; clientId: string; clientSecret: string };
  mode: 'collections' | 'bulk';
}

const { folder, url, credentials, mode } = JSON.parse(process.argv[2] ?? '') as LargeSet;
const memory = watchMemory();
const org = jsforceOrg({ connection: { loginUrl: url, ...credentials }, apiVersion: '64.0' });
const ledger = await openLedger({ folder, threads: false });
const run = await startRun(pushDeps({ ledger, org, clock: systemClock }), asAda(), { batch: { id: 'B-1' }, mode });
const peakMb = memory.peakMb();
memory.stop();
await ledger.close();
await org.close();
process.stdout.write(JSON.stringify({ run, peakMb }));
