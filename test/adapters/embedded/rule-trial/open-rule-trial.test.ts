import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRuleTrial } from '../../../../electron/adapters/embedded/rule-trial/open-rule-trial.ts';
import { textAsIs } from '../../../../electron/adapters/embedded/rule-trial/trial-views.ts';
import type { RuleTrial } from '../../../../electron/core/warehouse-ports.ts';
import { mapping, openTestWorkspace, type TestWorkspace } from '../../../core/snapshot/workspace.ts';

const view = 'properties_aggregated_by_sfdc_id';
const byPrimary = { field: 'Bank_Linking_Enabled__c', rule: 'primary' } as const;
/** SQLite never comes back from it. */
const endless = { view, sql: textAsIs(view).replace('WITH members AS', 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n), members AS').replace('g.property_count,', '(SELECT COUNT(*) FROM n) AS property_count,') };
const until = () => {
  const control = new AbortController();
  const onProgress = ({ step }: { step: string }): void => {
    if (step === 'plan-b') control.abort();
  };
  return { signal: control.signal, onProgress };
};
const quietly = () => ({ signal: new AbortController().signal, onProgress: () => {} });

describe('trying rules in a process of its own', () => {
  let ws: TestWorkspace;
  let trial: RuleTrial;
  beforeAll(async () => {
    ws = await openTestWorkspace({ sample: 600 });
    await ws.refresh();
    trial = openRuleTrial({ cacheFile: join(ws.folder, 'cache.db'), mapping });
  });
  afterAll(async () => {
    await trial.close();
    await ws.close();
  });

  it('a cancelled run ends also in the middle of an endless statement, and the next one works', async () => {
    await expect(trial.run(endless, until())).rejects.toMatchObject({ error: { code: 'cancelled' } });
    const comparison = await trial.run(byPrimary, quietly());
    expect(comparison).toMatchObject({ draft: byPrimary, view });
    expect((await trial.records({ id: comparison.id, limit: 5 })).total).toBe(comparison.enter + comparison.leave + comparison.change);
  });

  it('a new run ends the one that is under way, and closing ends the last', async () => {
    const first = expect(trial.run(endless, quietly())).rejects.toMatchObject({ error: { code: 'cancelled' } });
    const second = await trial.run(byPrimary, quietly());
    await first;
    const third = expect(trial.run(endless, quietly())).rejects.toMatchObject({ error: { code: 'cancelled' } });
    await trial.close();
    await third;
    await expect(trial.records({ id: second.id, limit: 1 })).rejects.toMatchObject({ error: { code: 'not-found' } });
  });

  it('a slip in a draft comes back as such, and a draft is shown without being run', async () => {
    await expect(trial.run({ view, sql: 'SELECT FROM' }, quietly())).rejects.toMatchObject({ error: { code: 'invalid-input', details: { line: 1 } } });
    expect(await trial.draft(byPrimary)).toMatchObject({ view, asIs: textAsIs(view) });
    await expect(trial.draft({ view: 'rds_properties_enriched', sql: 'SELECT 1' })).rejects.toMatchObject({ error: { code: 'invalid-input', message: expect.stringContaining('feature rows') as string } });
  });
});
