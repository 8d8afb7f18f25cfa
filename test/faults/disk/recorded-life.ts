/**
 * One life of a process that pushes batch B-1 and says, by a write to the file `acks`, which event of the log it was told to be durable
 * and when. `node recorded-life.ts JSON` with a `LifeStart` and `durability`; `normal` takes the wait for the disk out of the ledger's
 * commits, as a rig must find out that is worth anything.
 */
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { instantClock } from '../../core/push/push-workbench.ts';
import { pushToTheEnd } from './push-to-the-end.ts';
import type { LifeStart } from './pushing-life.ts';

const { folder, url, credentials, chunkSize, durability } = JSON.parse(process.argv[2] ?? '') as LifeStart & { durability: 'full' | 'normal' };

if (durability === 'normal') {
  const pragma = Database.prototype.pragma;
  Database.prototype.pragma = function weakened(this: Database.Database, source: string, options?: Database.PragmaOptions): unknown {
    if (source === 'synchronous = 2') return pragma.call(this, 'synchronous = 1', options);
    return source === 'synchronous' ? 2 : pragma.call(this, source, options);
  };
}

const acks = openSync(join(folder, 'acks'), 'w');
let position = 0;
const org = jsforceOrg({ connection: { loginUrl: url, ...credentials }, apiVersion: '64.0', sleep: async () => undefined });
const ledger = await openLedger({ folder, threads: false });
const watched: typeof ledger = {
  ...ledger,
  commit: async (step) => {
    const written = await ledger.commit(step);
    const { events: seq, head } = await ledger.chainHead();
    position += writeSync(acks, Buffer.from(`${JSON.stringify({ seq, head })}\n`), 0, undefined, position);
    return written;
  },
};
const run = await pushToTheEnd(watched, org, instantClock(), chunkSize);
await ledger.close();
await org.close();
process.stdout.write(run.state);
