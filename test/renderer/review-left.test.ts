import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
beforeEach(() => {
  page = preview.page;
});

const status = () => page.getByRole('status', { name: 'Notifications' });
const record = () => page.getByRole('region', { name: 'Record', exact: true });
const windowCall = (name: 'holdCalls' | 'answerCalls') => page.evaluate((wanted) => (window as unknown as Record<string, () => void>)[wanted]?.(), name);

/** Opens Review with a core that takes its time for one call. */
async function openReview(held: string, view = ''): Promise<void> {
  await page.goto(`${preview.address}/review${view}#held=${held}`);
  await page.getByRole('region', { name: view === '' ? 'Record' : 'Shape', exact: true }).getByRole('group', { name: 'Decision' }).waitFor();
  await windowCall('holdCalls');
}

async function leaveReview(): Promise<void> {
  await page.keyboard.press('Control+1');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await windowCall('answerCalls');
}

test('a decision that ends after one has left Review is told, can be undone there, and does not lead back', async () => {
  await openReview('pending.decide');
  await page.getByRole('button', { name: /^Approve\b/u }).first().click();
  await status().getByText('Approving 1 record…').waitFor();
  await leaveReview();
  await status().getByText('Approved Park Kennedy. 2,999 undecided left in this filter.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/overview');
  expect(new URL(page.url()).search).toBe('');
  await status().getByRole('button', { name: /^Undo/u }).click();
  await status().getByText('Undid: Approved 1 record.').waitFor();
});

test('a decision on a shape that ends after one has left it is told and can be undone', async () => {
  await openReview('pending.decide', '?view=shapes');
  const approve = page.getByRole('group', { name: 'Decision' }).getByRole('button', { name: /^Approve \d/u });
  const count = /\d+/u.exec(await approve.innerText())?.[0] ?? '';
  await approve.click();
  await leaveReview();
  await status().getByText(new RegExp(`^Approved ${count} records\\..* now\\.$`, 'u')).waitFor();
  await status().getByRole('button', { name: /^Undo/u }).waitFor();
});

test('a field that is left out after one has gone on to another record is told of by its own record', async () => {
  await openReview('pending.excludeField');
  await record().getByRole('button', { name: 'Leave Address out…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave Address out' }).click();
  await leaveReview();
  await status().getByText('Address of Park Kennedy is left out.').waitFor();
});

test('an undo is told of though its own notification has gone', async () => {
  await openReview('decision.undo');
  await page.getByRole('grid', { name: 'Pending changes' }).locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
  await page.keyboard.press('a');
  await status().getByRole('button', { name: /^Undo/u }).click();
  await status().getByRole('button', { name: 'Dismiss' }).click();
  await leaveReview();
  await status().getByText('Undid: Approved 1 record.').waitFor();
});
