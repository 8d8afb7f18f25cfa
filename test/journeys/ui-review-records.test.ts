import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findRunningOrg } from '../../electron/hosts/workspace/simulated-org-process.ts';
import { makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';
import { dumpOrg } from './org-dump.ts';
import { approve, notifications, press, push, refresh } from './page-steps.ts';

let app: OpenApp;
let page: Page;

const grid = () => page.getByRole('grid', { name: 'Pending changes' });
const currentRow = () => grid().locator('[role="row"][tabindex="0"]:not([aria-busy])');
const inspector = () => page.getByRole('region', { name: 'Record', exact: true });
const goTo = (address: string) => page.goto(new URL(address, page.url()).href);
const totalOf = async (filter: string) => Number((await app.cli('pending', '--filter', filter, '--limit', '1')).json['total']);
const rowsAre = (count: number) => expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(count + 1));
const isFound = (count: number) => page.getByRole('group', { name: 'Active filters' }).getByText(new RegExp(`^${count} of `, 'u')).waitFor();

interface Item {
  key: string;
  kind: string;
  name: string;
  changedFields: string[];
}

async function itemsOf(filter: string): Promise<Item[]> {
  return (await app.cli('pending', '--filter', filter, '--limit', '50')).json['items'] as Item[];
}

beforeAll(async () => {
  app = await openApp(await makeSample(400, '11'), { as: 'Admin A' });
  page = app.page;
  await refresh(page);
  await page.keyboard.press('Escape');
});

afterAll(async () => {
  await app.close();
  removeWorkspace(app.folder);
});

describe('the records of Review', () => {
  test('a search finds by name, by key and by the id of a contributor', async () => {
    const [multi] = await itemsOf('multi:true kind:update');
    const shown = (await app.cli('show', multi?.key ?? '')).json as { contributors: { id: string }[] };
    for (const text of [multi?.name ?? '', multi?.key ?? '', shown.contributors.at(-1)?.id ?? '']) {
      await goTo('/review');
      await grid().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      const count = await totalOf(`text:"${text}"`);
      expect(count).toBeGreaterThan(0);
      await isFound(count);
    }
  });

  test('each filter shows as many records as the core counts, and outlives a reload and the way back', async () => {
    const filters = ['priority:P2', 'field:Address__c', 'rule:any', 'multi:true', 'severity:warning', 'risk:rare', 'transition:Identity_Verification_Enabled__c:turned-on', '-kind:create contributors:1'];
    for (const filter of filters) {
      await goTo(`/review?filter=${encodeURIComponent(filter)}`);
      const count = await totalOf(filter);
      if (count > 0) await rowsAre(count);
      await isFound(count);
    }
    await goTo('/review?filter=priority%3AP2');
    await isFound(await totalOf('priority:P2'));
    await page.reload();
    await isFound(await totalOf('priority:P2'));
    await press(page, page.getByRole('button', { name: /^Remove filter / }));
    await page.getByRole('group', { name: 'Active filters' }).getByRole('button', { name: /^Remove filter / }).waitFor({ state: 'detached' });
    await page.goBack();
    await isFound(await totalOf('priority:P2'));
  });

  test('a comment and a flag are still there after the app was closed and opened', async () => {
    await goTo('/review?filter=kind%3Aupdate&sort=name');
    await inspector().getByRole('heading', { level: 2 }).waitFor();
    await currentRow().focus();
    await page.keyboard.press('f');
    await notifications(page).getByText(/is flagged\.$/u).waitFor();
    await expect.poll(() => totalOf('progress:flagged')).toBe(1);
    const [flagged] = await itemsOf('progress:flagged');
    await page.keyboard.press('f');
    await notifications(page).getByText(/is not flagged any more\.$/u).waitFor();
    await expect.poll(() => totalOf('progress:flagged'), { message: 'a flag can be taken away' }).toBe(0);
    await expect.poll(() => totalOf(`progress:viewed key:${flagged?.key ?? ''}`), { message: 'who goes on looking has viewed it' }).toBe(1);
    await page.keyboard.press('f');
    await expect.poll(() => totalOf('progress:flagged')).toBe(1);
    await page.keyboard.press('c');
    await page.keyboard.type('Asked the owner about the zip');
    await page.keyboard.press('Control+Enter');
    await inspector().getByRole('region', { name: 'Comments' }).getByText('Asked the owner about the zip').waitFor();
    const { folder } = app;
    await app.close();
    app = await openApp(folder, { as: 'Admin A' });
    page = app.page;
    await grid().waitFor();
    expect(await totalOf('progress:flagged commented:true')).toBe(1);
    await goTo('/review?filter=progress%3Aflagged');
    await inspector().getByRole('region', { name: 'Comments' }).getByText('Asked the owner about the zip').waitFor();
  });

  test('why a field has its value leads to the very lines of the view that give it', async () => {
    const [record] = await itemsOf('multi:true kind:update field:Bank_Linking_Enabled__c');
    await goTo(`/review?filter=${encodeURIComponent(`key:${record?.key ?? ''}`)}&why=Bank_Linking_Enabled__c`);
    const why = inspector().getByRole('group', { name: 'Why Bank linking enabled' });
    const source = await why.getByText(/^Rule any in .* lines .*, version/u).innerText();
    const lines = /lines ([\d, ]+ and \d+)/u.exec(source)?.[1] ?? '';
    await why.getByRole('link', { name: 'properties_aggregated_by_sfdc_id' }).click();
    const sql = page.getByRole('region', { name: 'SQL' });
    await sql.getByText(`Lines ${lines}.`, { exact: true }).waitFor();
    const marked = sql.getByText('g.bank_linking = 1 AS bank_linking_enabled,', { exact: true });
    expect(await marked.evaluate((line) => getComputedStyle(line).boxShadow)).not.toBe('none');
    await expect.poll(() => sql.getByText('m.is_active AND m.bank_linking_enabled AS bank_linking,', { exact: true }).evaluate((line) => line.getBoundingClientRect().bottom < window.innerHeight)).toBe(true);

    await sql.getByLabel('Show where a field comes from').selectOption('City');
    await sql.getByText('g.city,', { exact: true }).waitFor();
    expect(await marked.evaluate((line) => getComputedStyle(line).boxShadow)).toBe('none');
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'property_sync_audit_log' }).click();
    await sql.getByText('This view does not give it.').waitFor();
  });

  test('a field that is left out is neither planned nor written, and what else changes is', async () => {
    const record = (await itemsOf('kind:update field:Address__c -severity:blocker')).find(({ changedFields }) => changedFields.length > 1);
    if (!record) throw new Error('The sample has no record of two changed fields.');
    await goTo(`/review?filter=${encodeURIComponent(`key:${record.key}`)}`);
    await press(page, inspector().getByRole('button', { name: 'Leave Address out…' }));
    const dialog = page.getByRole('dialog', { name: /Address/u });
    await dialog.getByRole('textbox').fill('the street is being renamed');
    await press(page, dialog.getByRole('button', { name: /^Leave Address out/u }));
    await inspector().getByText('Left out by Admin A: the street is being renamed').waitFor();
    expect(await totalOf('without:Address__c')).toBe(1);
    await currentRow().focus();
    await page.keyboard.press('a');
    await expect.poll(() => totalOf('decision:approve')).toBe(1);

    await page.keyboard.press('Control+3');
    await press(page, page.getByRole('button', { name: 'New batch…' }).first());
    const batch = page.getByRole('dialog', { name: 'New batch' });
    await press(page, batch.getByRole('radio', { name: /^All approved/u }), 'Space');
    await batch.getByLabel('Name').fill('Without the address');
    await press(page, batch.getByRole('button', { name: /^Draw|^Make/u }));
    await page.getByRole('heading', { level: 1, name: 'Without the address' }).waitFor();
    const org = await findRunningOrg(app.folder);
    const before = (await dumpOrg(org?.url ?? '')).get(record.key);
    await press(page, page.getByRole('button', { name: 'Submit', exact: true }));
    await notifications(page).getByText(/is submitted|pilot/u).waitFor();
    await approve(page, 'Without the address');
    await push(page);
    const written = async () => {
      const after = (await dumpOrg(org?.url ?? '')).get(record.key);
      return record.changedFields.filter((field) => JSON.stringify(after?.[field]) !== JSON.stringify(before?.[field])).toSorted();
    };
    await expect.poll(written).toEqual(record.changedFields.filter((field) => field !== 'Address__c').toSorted());
    await page.getByText('All 1 succeeded').or(page.getByText('1 succeeded')).first().waitFor();
    expect(app.problems).toEqual([]);
  });
});
