import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openCache } from '../../../electron/adapters/sqlite/cache/open-cache.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { openDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import { approveBatch } from '../../../electron/core/batch/approve-batch.ts';
import { assertPushable } from '../../../electron/core/batch/assert-pushable.ts';
import type { BatchDeps } from '../../../electron/core/batch/batch-deps.ts';
import { createBatch } from '../../../electron/core/batch/create-batch.ts';
import { submitBatch } from '../../../electron/core/batch/submit-batch.ts';
import { canonicalJson, sha256 } from '../../../electron/core/canonical.ts';
import type { OrgIdentity } from '../../../electron/core/org-ports.ts';
import type { CandidateChange } from '../../../electron/core/ports.ts';
import { policySchema } from '../../../shared/domain/policy.ts';
import { asAda, mapping } from '../../core/push/push-workbench.ts';

const identity: OrgIdentity = { orgId: '00D000000000001AAA', orgName: 'Sample Org', isProduction: false, userId: '005000000000001AAA', username: 'ada@example.com', instanceUrl: 'http://127.0.0.1:1', apiVersion: '64.0' };

function candidate(key: string): CandidateChange {
  const valueOf = (field: string, city: string) => (field === 'Name' ? key : field === 'City__c' ? city : field.endsWith('_Enabled__c') ? false : null);
  const before = mapping.fields.map(({ field }) => valueOf(field, 'Austin'));
  const after = mapping.fields.map(({ field }) => valueOf(field, 'Dallas'));
  return {
    key, kind: 'update', priority: 'P3', name: key, company: null, state: null, recordId: `a0P${sha256(key).slice(0, 12)}AAA`, productionId: null, groupKey: null, before, after,
    changes: mapping.fields.map(({ field }) => (field === 'City__c' ? 'changed' : 'equal')), winners: mapping.fields.map(() => key), contributors: [key], ignored: [], primaryId: key, isPending: true,
    contentHash: sha256(canonicalJson({ key, before, after })),
  };
}

/** Brings a batch from a snapshot to its approval, edits one value of its stored plan, and wants the push to be refused. */
export async function tamperedPlanIsRefused(folder: string): Promise<void> {
  const ledger = await openLedger({ folder, threads: false });
  const cache = await openCache({ folder, mapping, threads: false });
  const now = (): string => new Date().toISOString();
  const deps: BatchDeps = {
    cache, ledger, mapping, clock: { now, elapsedMs: () => performance.now(), sleep: async () => undefined }, policy: policySchema.parse({}),
    org: { id: identity.orgId, name: identity.orgName, environment: 'simulated', apiVersion: '64.0', user: { id: identity.userId, username: identity.username } },
    apiUsage: () => ({ dailyUsed: null, dailyLimit: null }),
  };
  try {
    const writer = await cache.beginSnapshot(mapping, null);
    await writer.addCandidates(['a', 'b'].map(candidate));
    await writer.runChecks({ now: now() });
    await writer.commit({ id: 'S-0001', takenAt: now(), multiPropertyGroups: 0, multiPropertyMembers: 0, rows: { properties: 0, propertyFeatures: 0, productProperty: 0, orgRecords: 0 }, notices: [], readFrom: { source: null, org: null, rules: null }, startedAtMs: 0, nowMs: 0 });
    await ledger.decide({ selection: { filter: '', except: [] }, chosen: await cache.choose({ filter: '', except: [] }), decision: 'approve', reason: null, actor: 'ada' });
    const { id } = await createBatch(deps, asAda(), { name: 'One', draw: { by: 'all-approved' } });
    await submitBatch(deps, asAda(), { id });
    await approveBatch(deps, { ...asAda(), actor: 'bob' }, { id });
    const push = (): Promise<string> =>
      assertPushable(deps, asAda(), { batch: { id }, askOrg: async () => identity }).then(
        () => 'done',
        (error: unknown) => (error instanceof AppFailure ? String(error.error.details['rule'] ?? error.error.code) : Promise.reject(error as Error)),
      );
    assert.equal(await push(), 'done');
    const db = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
    for (const name of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all() as string[]) db.exec(`DROP TRIGGER ${name}`);
    db.exec(`UPDATE plan_record SET record = replace(record, 'Dallas', 'Houston') WHERE key = 'a'`);
    db.close();
    assert.equal(await push(), 'plan-changed', 'a plan that was edited after its approval must not be pushed');
  } finally {
    await cache.close();
    await ledger.close();
  }
}
