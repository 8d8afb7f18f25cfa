import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopBackgroundOrg } from '../../electron/hosts/workspace/simulated-org-process.ts';
import { axeFindings } from '../renderer/open-browser.ts';
import { makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';
import { effectsOf } from './org-dump.ts';
import { addFault, approve, notifications, push, refresh, submitPilot } from './page-steps.ts';

let app: OpenApp;
let page: Page;
let folder: string;

beforeAll(async () => {
  folder = await makeSample(600, '7');
  app = await openApp(folder, { as: 'Admin A' });
  page = app.page;
  await refresh(page);
});

afterAll(async () => {
  await app.close();
  await stopBackgroundOrg(folder);
  removeWorkspace(folder);
});

const progress = () => page.getByRole('region', { name: 'Progress' });

describe('a push', () => {
  test.each([
    ['auto', 'collections', 'Pilot 1'],
    ['collections', 'collections', 'Pilot 2'],
    ['bulk', 'bulk', 'Pilot 3'],
    ['strict', 'strict', 'Pilot 4'],
  ] as const)('in mode %s runs to its end, says that it ran by %s and why, and its counts add up', async (mode, ran, name) => {
    await submitPilot(page, name, 4, 6);
    await approve(page, name);
    await push(page, mode);
    await notifications(page).getByText(/^Run R-\d+ completed: 10 succeeded, 0 failed/u).waitFor();
    await progress().getByText('The counts add up to 10.').waitFor();
    await progress().getByText(new RegExp(`^Completed, ${ran}, \\d+ API calls`, 'u')).waitFor();
    await progress().getByText(new RegExp(`^Why ${ran}: `, 'u')).waitFor();
    expect(await page.getByRole('list', { name: 'Bulk jobs' }).count()).toBe(ran === 'bulk' ? 1 : 0);
    expect(await axeFindings(page)).toEqual([]);
  });

  test('cut off by a killed process offers one step on, which ends it: each record is written once', async () => {
    const before = await effectsOf(await addFault(folder, { match: { method: 'POST', path: 'composite/sobjects$' }, times: 1, action: { delayMs: 3_000 } }));
    await submitPilot(page, 'Pilot 5', 4, 6);
    await approve(page, 'Pilot 5');
    await push(page);
    await page.getByRole('contentinfo', { name: 'Status' }).getByText(/^Run R-5 is at work/u).waitFor();
    await app.kill();
    app = await openApp(folder, { as: 'Admin A' });
    page = app.page;
    const dialog = page.getByRole('dialog', { name: 'Run R-5 was interrupted' });
    await dialog.getByText('Pilot 5').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Resume run R-5' }).click();
    await notifications(page).getByText(/^Run R-5 completed: 10 succeeded, 0 failed, 0 stale, 0 skipped, 0 unknown, 0 not sent\.$/u).waitFor();
    await progress().getByText('The counts add up to 10.').waitFor();
    const after = await effectsOf(await addFault(folder, { match: { path: 'never' }, action: { status: 500 } }));
    expect([(after['create'] ?? 0) - (before['create'] ?? 0), (after['update'] ?? 0) - (before['update'] ?? 0)]).toEqual([4, 6]);
  });

  test('whose every record is refused looks like a failure everywhere', async () => {
    const recordErrors = Array.from({ length: 200 }, (_, index) => ({ index, statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Zip must be 5 digits', fields: ['Zip__c'] }));
    await addFault(folder, { match: { path: 'composite/sobjects$' }, times: -1, action: { recordErrors } });
    await submitPilot(page, 'Pilot 6', 4, 6);
    await approve(page, 'Pilot 6');
    await push(page, 'collections');
    await notifications(page).getByText(/^Run R-6 completed with errors, nothing succeeded: 0 succeeded, 10 failed/u).waitFor();
    await notifications(page).getByRole('img', { name: 'Problem' }).waitFor();
    const sentence = 'Nothing succeeded: 10 failed';
    const main = page.getByRole('main');
    await main.getByText('No record of Pilot 6 succeeded.').waitFor();
    await page.getByRole('region', { name: 'Batches' }).getByText(sentence).waitFor();
    await page.getByRole('region', { name: 'Error groups' }).getByText('FIELD_CUSTOM_VALIDATION_EXCEPTION: Zip must be 5 digits').waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByText('10 failed').waitFor();
    await page.getByRole('contentinfo', { name: 'Status' }).getByText(`Pilot 6: ${sentence}`).waitFor();
    expect(await page.title()).toBe('10 failed · Batches · Countersign');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Control+1');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await main.getByText('100.0 %').waitFor();
    await main.getByText(sentence).waitFor();
    expect(await app.cli('batch', 'show', 'B-6')).toMatchObject({ code: 0, json: { batch: { state: 'completed-with-errors' }, outcomes: { planned: 10, succeeded: 0, failed: 10 } } });
    expect(app.problems).toEqual([]);
  });
});
