import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, dumpOrg, effectsOf } from './org-dump.ts';
import { makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';

/** The whole job as an admin does it, in a real browser on the real app: load, review, approve, pilot, push, audit. */
describe('the main job in the browser', () => {
  let app: OpenApp;

  beforeAll(async () => {
    app = await openApp(await makeSample());
  }, 180_000);

  afterAll(async () => {
    await app.close();
    removeWorkspace(app.folder);
  });

  const grid = () => app.page.getByRole('grid', { name: 'Pending changes' });
  const main = () => app.page.getByRole('main');
  const dialog = (name: string) => app.page.getByRole('dialog', { name });

  it('loads the first snapshot with its progress on screen', async () => {
    await main().getByRole('button', { name: 'Refresh snapshot' }).click();
    await app.page.getByRole('button', { name: /^Snapshot S-0001/u }).waitFor({ timeout: 120_000 });
    await app.page.locator('[role="grid"][aria-rowcount="9062"]').waitFor();
    for (const [name, count] of [['P1 Feature creates', '507'], ['P2 Flag changes', '799'], ['Create', '1,081'], ['Update', '7,980']] as const) {
      await app.page.getByRole('checkbox', { name: `${name} ${count}`, exact: true }).waitFor();
    }
  }, 180_000);

  it('shows Park Kennedy side by side and says why', async () => {
    await app.page.getByRole('searchbox', { name: 'Search pending changes' }).fill('Park Kennedy');
    await grid().getByRole('row', { name: /Park Kennedy/u }).first().click();
    const record = app.page.getByRole('region', { name: 'Record', exact: true });
    await record.getByRole('heading', { level: 2, name: 'Park Kennedy' }).waitFor();
    const diff = record.getByRole('region', { name: 'Field diff' });
    await diff.getByText('5 of 17 fields change').waitFor();
    const address = diff.getByRole('row', { name: /^Address/u });
    expect(await address.textContent()).toMatch(/1245 Kennedy St.*1245 Kennedy Street/u);
    const idv = diff.getByRole('row', { name: /^IDV enabled(?! at)/u }).first();
    expect(await idv.textContent()).toMatch(/FALSE.*TRUE/u);
    await idv.getByRole('button').first().click();
    const why = record.getByRole('group', { name: 'Why IDV enabled' });
    await why.getByText('Winner').waitFor();
    expect(await why.textContent()).toMatch(/5b0e1c9a-77d2/u);
    await record.getByRole('region', { name: 'Contributors' }).getByText('DISABLED').waitFor();
  });

  it('approves with one key and takes it back by name', async () => {
    await grid().getByRole('row', { name: /Park Kennedy/u }).first().click();
    await app.page.keyboard.press('a');
    await grid().getByRole('row', { name: /Park Kennedy.*Approved/u }).waitFor();
    await app.page.keyboard.press('u');
    await grid().getByRole('row', { name: /Park Kennedy.*Undecided/u }).waitFor();
  });

  it('draws a pilot of 50 creates and 50 updates and freezes its plan', async () => {
    await app.page.getByRole('button', { name: 'New batch…' }).click();
    await dialog('New batch').getByRole('button', { name: 'Draw pilot' }).click();
    await main().getByRole('heading', { level: 1, name: 'Pilot 1' }).waitFor();
    await main().getByRole('button', { name: 'Submit', exact: true }).click();
    await main().getByRole('button', { name: 'Approve…' }).click();
    await dialog('Approve Pilot 1').getByRole('button', { name: /^Approve plan [0-9a-f]{4} [0-9a-f]{4}$/u }).click();
    await main().getByRole('button', { name: 'Push to Salesforce…' }).waitFor();
  }, 120_000);

  it('pushes the pilot and says what became of each record', async () => {
    await main().getByRole('button', { name: 'Push to Salesforce…' }).click();
    const push = dialog('Push to Salesforce');
    expect(await push.textContent()).toMatch(/Sample Org/u);
    await push.getByRole('button', { name: 'Push 100 records' }).click();
    await main().getByText('The counts add up to 100.').waitFor({ timeout: 120_000 });
    await main().getByText(/Completed/u).first().waitFor({ timeout: 120_000 });
    expect(await main().getByRole('region', { name: 'Progress' }).textContent()).toMatch(/100/u);
  }, 180_000);

  it('changed exactly the 100 planned records in the org, and refuses the same plan a second time', async () => {
    const { json: listed } = await app.cli('outcomes', 'B-1');
    const items = listed['items'] as { key: string; operation: string; outcome: string; after: Record<string, unknown> }[];
    expect(items.map((item) => item.outcome)).toEqual(items.map(() => 'succeeded'));
    expect([items.filter((item) => item.operation === 'create').length, items.filter((item) => item.operation === 'update').length]).toEqual([50, 50]);
    const { url } = JSON.parse(readFileSync(join(app.folder, 'org.json'), 'utf8')) as { url: string };
    const org = await dumpOrg(url);
    expect(items.flatMap((item) => differences(item.key, item.after, org))).toEqual([]);
    expect(await effectsOf(url)).toMatchObject({ create: 50, update: 50 });
    expect(await main().getByRole('button', { name: 'Push to Salesforce…' }).count()).toBe(0);
  });

  it('proves the audit log', async () => {
    await app.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit' }).click();
    await main().getByRole('button', { name: 'Verify chain' }).click();
    await app.page.getByRole('status', { name: 'Chain status' }).getByText('The chain is intact').waitFor();
    await main().getByRole('grid', { name: 'Audit events' }).waitFor();
  });

  it('had no error in the console and broke no content policy', () => {
    expect(app.problems).toEqual([]);
  });
});
