import { expect, it } from 'vitest';
import { showBatch } from '../../../electron/core/batch/show-batch.ts';
import { createBatch } from '../../../electron/core/batch/create-batch.ts';
import { changesOf, openWorkbench } from './batch-workbench.ts';

it('A batch shows how many API calls its push needs, and whether the org has them', async () => {
  const bench = await openWorkbench(changesOf(2, 2));
  await bench.approveAll();
  const { id } = await createBatch(bench.deps, bench.as('ann'), { name: 'All', draw: { by: 'all-approved' } });
  const shown = async (dailyUsed: number | null, apiReserve = 1_000) => {
    const deps = { ...bench.withPolicy({ apiReserve }), apiUsage: () => ({ dailyUsed, dailyLimit: dailyUsed === null ? null : 15_000 }) };
    return (await showBatch(deps, id)).preflight.find((item) => item.id === 'api-budget');
  };
  expect(await shown(null)).toEqual({ id: 'api-budget', state: 'not-checked', text: 'The push needs about 6 API calls; the org has not told its limit yet.' });
  expect(await shown(500)).toEqual({ id: 'api-budget', state: 'passed', text: "The push needs about 6 API calls; 14500 of the day's 15000 are left, of which 1000 are kept for others." });
  expect(await shown(13_995)).toMatchObject({ state: 'blocker' });
  expect(await shown(13_995, 999)).toMatchObject({ state: 'passed' });
});
