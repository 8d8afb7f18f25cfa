/**
 * One life of a process that pushes batch B-1 as a person who signed in with a refresh token.
 * `node signed-in-child.ts JSON` with `{ folder, url, clientId, refreshToken, hangAtSave }`; before the save of that number it says
 * `saving` and waits to be killed. At the end it says what became of the run, or with which code it failed.
 */
import { AppFailure } from '../../../electron/core/app-failure.ts';
import { markInterrupted, resumeRun } from '../../../electron/core/push/resume.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { sampleConfig } from '../../../electron/core/workspace/read-config.ts';
import { createKeystore } from '../../../electron/hosts/desktop/keystore.ts';
import { connectOrg } from '../../../electron/hosts/workspace/connect-org.ts';
import { asAda, pushDeps } from '../../core/push/push-workbench.ts';
import { KeystoreDouble } from '../desktop/electron-double.ts';

interface Life {
  folder: string;
  url: string;
  clientId: string;
  refreshToken: string;
  hangAtSave: number;
}

const { folder, url, clientId, refreshToken, hangAtSave } = JSON.parse(process.argv[2] ?? '') as Life;
const keystore = createKeystore({ safeStorage: new KeystoreDouble(), folder, platform: 'linux' });
let saves = 0;
const secrets = {
  isLasting: true,
  get: async (name: string) => (await keystore.get(name)).value,
  set: async (name: string, value: string | null) => {
    saves += 1;
    if (saves === hangAtSave) {
      process.stdout.write('saving');
      // Keeps the process alive until it is killed.
      setInterval(() => undefined, 60_000);
      await new Promise(() => undefined);
    }
    await keystore.set(name, value);
  },
};
const config = { ...sampleConfig(), org: { kind: 'salesforce', instanceUrl: url, loginUrl: url, production: false, apiVersion: '64.0' } } as const;
const org = connectOrg(folder, config, { SF_CLIENT_ID: clientId, SF_REFRESH_TOKEN: refreshToken }, secrets);
const ledger = await openLedger({ folder, threads: false });
const deps = pushDeps({ ledger, org, chunkSize: 5 });
const [left] = await ledger.runs('B-1');
if (left !== undefined) await markInterrupted(deps);
try {
  const run = left === undefined ? await startRun(deps, asAda(), { batch: { id: 'B-1' }, mode: 'collections' }) : await resumeRun(deps, asAda(), { runId: left.id });
  process.stdout.write(JSON.stringify({ run }));
} catch (error) {
  if (!(error instanceof AppFailure)) throw error;
  process.stdout.write(JSON.stringify({ failure: error.error.code }));
}
await ledger.close();
await org.close();
