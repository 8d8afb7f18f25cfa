import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/domain/batch.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { sampleConfig } from '../../../electron/core/workspace/read-config.ts';
import { sessionSecrets } from '../../../electron/hosts/session-secrets.ts';
import { connectOrg } from '../../../electron/hosts/workspace/connect-org.ts';
import { keptRefreshToken } from '../../../electron/hosts/workspace/kept-refresh-token.ts';
import { signInPerson, startOrgServer } from '../../adapters/salesforce/simulated-org.ts';
import { openWorkbench, outcomesOf, planOf, type PushWorkbench } from '../../core/push/push-workbench.ts';

const child = fileURLToPath(new URL('./signed-in-child.ts', import.meta.url));
const signal = new AbortController().signal;

interface End {
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Lets a process work until its end, or until it is about to save a token. */
function live(bench: PushWorkbench, refreshToken: string, hangAtSave: number): Promise<End> {
  const life = { folder: bench.folder, url: bench.simulated.url, clientId: bench.simulated.credentials.clientId, refreshToken, hangAtSave };
  return new Promise((resolve) => {
    const running = spawn(process.execPath, [child, JSON.stringify(life)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    running.stdout.on('data', (text: Buffer) => {
      stdout += text.toString();
      if (stdout.endsWith('saving')) running.kill('SIGKILL');
    });
    running.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    running.on('close', (_code, killedBy) => resolve({ signal: killedBy, stdout, stderr }));
  });
}

describe('a refresh token that Salesforce rotated', () => {
  it('is used at the next start instead of the one it came from, until a person gives another one', async () => {
    const secrets = sessionSecrets();
    const first = await keptRefreshToken(secrets, 'given');
    expect(first.token).toBe('given');
    await first.save('rotated');
    await first.save('rotated again');
    expect((await keptRefreshToken(secrets, 'given')).token).toBe('rotated again');
    expect((await keptRefreshToken(secrets, 'given anew')).token).toBe('given anew');
    await secrets.set('salesforce.refresh-token', 'no JSON');
    expect((await keptRefreshToken(secrets, 'given')).token).toBe('given');
  });

  it('lets one start after the other work, though each token works once', async () => {
    const server = await startOrgServer({ seedRecords: 10 });
    const secrets = sessionSecrets();
    const { url, credentials } = server.simulated;
    const { refreshToken } = await server.signInPerson();
    const config = { ...sampleConfig(), org: { kind: 'salesforce', loginUrl: url, instanceUrl: url, production: false, apiVersion: '64.0' } } as const;
    for (let start = 0; start < 3; start += 1) {
      const org = connectOrg('/made-up', config, { SF_CLIENT_ID: credentials.clientId, SF_REFRESH_TOKEN: refreshToken }, secrets);
      expect(await org.countRecords('Product_Property__c', signal)).toBe(9);
      await org.close();
    }
    const elsewhere = connectOrg('/another', config, { SF_CLIENT_ID: credentials.clientId, SF_REFRESH_TOKEN: refreshToken }, secrets);
    await expect(elsewhere.countRecords('Product_Property__c', signal)).rejects.toMatchObject({ error: { code: 'not-signed-in' } });
    await elsewhere.close();
    await server.close();
  });

  it.each([
    ['before the first call', 1, 0],
    ['in the middle of a run', 2, 10],
  ])('Row 10: lost by a crash %s, it asks for a new sign-in, after which the run goes on and applies each record once', async (_name, hangAtSave, done) => {
    const bench = await openWorkbench(planOf(15, 15), { chunkSize: 5 });
    await bench.ledger.close();
    try {
      const { refreshToken } = await signInPerson(bench.simulated);
      if (hangAtSave > 1) await bench.addFault({ match: { method: 'POST', path: '/composite/sobjects$', after: 2 }, action: { unauthorized: true } });
      expect(await live(bench, refreshToken, hangAtSave)).toMatchObject({ signal: 'SIGKILL', stdout: 'saving', stderr: '' });
      expect(await bench.journal()).toHaveLength(done);

      const refused = await live(bench, refreshToken, 0);
      expect(refused).toMatchObject({ signal: null, stderr: '' });
      const told = JSON.parse(refused.stdout) as { run?: Run; failure?: string };
      expect(told.failure ?? told.run?.stopReason?.code).toBe('not-signed-in');
      expect(await bench.journal()).toHaveLength(done);

      const again = await signInPerson(bench.simulated);
      const last = await live(bench, again.refreshToken, 0);
      expect(last).toMatchObject({ signal: null, stderr: '' });
      expect(JSON.parse(last.stdout)).toMatchObject({ run: { state: 'completed', counts: { planned: 30, succeeded: 30 } } });
      const effects = (await bench.journal()).map(({ operation, externalKey }) => `${operation} ${externalKey}`);
      expect([effects.length, new Set(effects).size]).toEqual([30, 30]);
      const ledger = await openLedger({ folder: bench.folder, readonly: true, threads: false });
      expect([...(await outcomesOf(ledger)).values()].every(({ outcome }) => outcome === 'succeeded')).toBe(true);
      expect(await ledger.verify()).toMatchObject({ ok: true });
      await ledger.close();
    } finally {
      await bench.close();
    }
  }, 120_000);
});
