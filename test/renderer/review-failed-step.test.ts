import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { axeFindings } from './open-browser.ts';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
beforeEach(() => {
  page = preview.page;
});

const grid = () => page.getByRole('grid', { name: 'Pending changes' });
const row = (number: number) => grid().locator(`[role="row"][aria-rowindex="${number + 1}"]`);
const flagOf = (number: number) => row(number).getByRole('img', { name: 'Flagged' });
const status = () => page.getByRole('status', { name: 'Notifications' });
const main = () => page.getByRole('main');
const windowCall = (name: 'mendCalls' | 'holdCalls' | 'answerCalls') => page.evaluate((wanted) => (window as unknown as Record<string, () => void>)[wanted]?.(), name);

async function openReview(fragment: string): Promise<void> {
  await page.goto(`${preview.address}/review#${fragment}`);
  await page.getByRole('region', { name: 'Record', exact: true }).getByRole('group', { name: 'Decision' }).waitFor();
  // What is said a moment after the list was opened would take the place of what a test waits for.
  await status().getByText('All 3,000 match.').waitFor();
  await row(1).focus();
}

test.each(['light', 'dark'] as const)('in %s, a decision that failed stays on screen with what it means, and is made when one tries again', async (theme) => {
  await page.emulateMedia({ colorScheme: theme });
  await openReview('failing=pending.decide');
  await page.keyboard.press('h');
  await page.getByRole('dialog').getByLabel('Reason').fill('Wait for the owner');
  await page.keyboard.press('Enter');
  const sentence = 'The audit log cannot be written. The disk is full. Deciding and pushing are off until it can. Reading works; nothing is lost.';
  await main().getByText('Park Kennedy could not be held.').waitFor();
  await main().getByText(sentence).waitFor();
  await status().getByText(`Park Kennedy could not be held. ${sentence}`).waitFor();
  await page.keyboard.press('a');
  await main().getByText('Park Kennedy could not be approved.').waitFor();
  await main().getByText('1 more failed before it').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await main().getByRole('button', { name: 'Dismiss the failure' }).click();
  await main().getByText('Park Kennedy could not be held.').waitFor();
  await windowCall('mendCalls');
  await main().getByRole('button', { name: 'Try again' }).click();
  await status().getByText('Held Park Kennedy.').waitFor();
  await main().getByText('could not be held').waitFor({ state: 'detached' });
  // The focus comes back a moment after what had it is gone.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
  await row(1).getByText('Held').waitFor();
});

test('a decision that fails after one has left Review is told there, and stays', async () => {
  await openReview('failing=pending.decide&held=pending.decide');
  await windowCall('holdCalls');
  await page.keyboard.press('a');
  await status().getByText('Approving 1 record…').waitFor();
  await page.keyboard.press('Control+1');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await windowCall('answerCalls');
  await main().getByText('Park Kennedy could not be approved.').waitFor();
  await status().getByText('Approving 1 record…').waitFor({ state: 'detached' });
});

test('an undo that takes its time says that it is under way', async () => {
  await openReview('held=decision.undo');
  await page.keyboard.press('a');
  await status().getByText('Approved Park Kennedy.').waitFor();
  await windowCall('holdCalls');
  await page.keyboard.press('u');
  await status().getByText('Undoing…').waitFor();
  await windowCall('answerCalls');
  await status().getByText('Undid: Approved 1 record.').waitFor();
});

test('an undo that failed stays on screen', async () => {
  await openReview('failing=decision.undo');
  await page.keyboard.press('a');
  await status().getByText('Approved Park Kennedy.').waitFor();
  await page.keyboard.press('u');
  await main().getByText('The step could not be undone.').waitFor();
});

test('a flag that could not be kept is not shown, stays on screen as not done, and is kept when one tries again', async () => {
  await openReview('failing=pending.mark');
  await page.keyboard.press('f');
  await main().getByText('Park Kennedy could not be marked.').waitFor();
  expect(await status().getByText('is flagged').count()).toBe(0);
  expect(await flagOf(1).count()).toBe(0);
  await windowCall('mendCalls');
  await main().getByRole('button', { name: 'Try again' }).click();
  await status().getByText('Park Kennedy is flagged.').waitFor();
  await flagOf(1).waitFor();
});

test('of marks that follow each other faster than they are kept, each is shown', async () => {
  await openReview('held=pending.mark');
  await windowCall('holdCalls');
  await page.keyboard.press('f');
  await page.keyboard.press('ArrowDown');
  await row(2).and(page.locator('[tabindex="0"]')).waitFor();
  await page.keyboard.press('f');
  await windowCall('answerCalls');
  await flagOf(2).waitFor();
  await flagOf(1).waitFor();
});
