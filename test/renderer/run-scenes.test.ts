import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectBrowser } from './connect-browser.ts';
import type { RunScene } from './fake-runs.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await connectBrowser();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
});
afterAll(async () => {
  await browser.close();
});

async function open(scene: RunScene, path = '/batches', environment = 'sandbox'): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${inject('preview')}${path}#run=${scene}&environment=${environment}`);
  await page.getByRole('heading', { level: 1, includeHidden: true }).waitFor({ state: 'attached' });
  await page.getByRole('contentinfo', { name: 'Status', includeHidden: true }).waitFor({ state: 'attached' });
}

const main = () => page.getByRole('main');
const rail = () => page.getByRole('navigation', { name: 'Main' });
const status = () => page.getByRole('contentinfo', { name: 'Status' });

describe('a run in which nothing succeeded', () => {
  test.each([
    ['all-failed', 'failed'],
    ['all-unknown', 'unknown'],
    ['all-stale', 'stale'],
  ] as const)('%s says so in words and in tone wherever the run is shown', async (scene, word) => {
    const sentence = `Nothing succeeded: 500 ${word}`;
    await open(scene);
    await main().getByRole('heading', { level: 1, name: 'Full 1' }).waitFor();
    await main().getByText('No record of Full 1 succeeded.').waitFor();

    const list = page.getByRole('region', { name: 'Batches' });
    await list.getByText(sentence).waitFor();
    await list.getByText(/^Completed with errors/u).waitFor();
    const places = [list, main().locator('[class*="page-head"]'), rail().getByRole('link', { name: /Batches/u }), status()];
    expect(await Promise.all(places.map((place) => place.locator('[data-severity="blocker"], [data-look="blocker"]').count()))).toEqual([1, 1, 1, 1]);
    expect(await rail().getByRole('link', { name: /Batches/u }).innerText()).toContain(`500 ${word}`);
    expect(await status().innerText()).toContain(`Full 1: ${sentence}`);
    expect(await page.title()).toBe(`500 ${word} · Batches · Countersign`);

    const lifecycle = page.getByRole('list', { name: 'Lifecycle' });
    expect(await lifecycle.locator('[aria-current="step"]').getAttribute('data-step')).toBe('problem');
    expect(await page.getByRole('region', { name: 'Progress' }).getByText('The counts add up to 500.').getAttribute('data-severity')).toBe('note');
    expect(await page.getByRole('progressbar').getAttribute('aria-label')).toContain(`500 ${word}`);
    expect(await page.getByRole('region', { name: 'Chunks' }).getByText(', all succeeded').count()).toBe(0);

    await page.keyboard.press('Control+1');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await main().getByText(sentence).waitFor();
    expect(await page.title()).toBe(`500 ${word} · Overview · Countersign`);
    expect(await status().innerText()).toContain(sentence);
  });

  test('is announced as a problem', async () => {
    await open('all-failed');
    await page.getByRole('button', { name: 'Retry 500' }).first().click();
    const notification = page.getByRole('status', { name: 'Notifications' });
    await notification.getByText(/^Run R-31 completed with errors, nothing succeeded: 0 succeeded, 500 failed/u).waitFor();
    await notification.getByRole('img', { name: 'Problem' }).waitFor();
  });
});

describe('a run that waits to be resumed', () => {
  test('is what one meets first, with one step on', async () => {
    await open('interrupted', '/review');
    const dialog = page.getByRole('dialog', { name: 'Run R-31 was interrupted' });
    await dialog.getByText('97 unknown').waitFor();
    expect(await dialog.getByRole('button').allInnerTexts()).toEqual(['Show records', 'Resume run R-31']);
    expect(await dialog.getByRole('button', { name: 'Show records' }).evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status', { name: 'Notifications' }).getByText(/^Run R-31 completed/u).waitFor();
    await page.getByRole('heading', { level: 1, name: 'Full 1' }).waitFor();
  });

  test('that somebody stopped says who, and is not called interrupted', async () => {
    await open('stopped');
    await page.getByRole('dialog', { name: 'Run R-31 was stopped' }).getByText('The run was stopped by Admin B.').waitFor();
    await page.keyboard.press('Escape');
    await main().getByText('Run R-31 was stopped.').waitFor();
    expect(await main().getByRole('button', { name: 'Resume run R-31' }).count()).toBe(1);
    expect(await rail().getByRole('link', { name: /Batches/u }).innerText()).toContain('R-31 waits');
  });

  test('can be given up with a reason, told what that means, and the rest drawn anew', async () => {
    await open('stopped');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Abandon run R-31…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Abandon run R-31' });
    await dialog.getByText('300 not sent stay unsent; they can be drawn into a new batch.', { exact: false }).waitFor();
    await page.keyboard.press('Enter');
    expect(await dialog.isVisible()).toBe(true);
    await page.keyboard.type('The org moves');
    await page.keyboard.press('Enter');
    await main().getByText('Run R-31 was abandoned.').waitFor();
    await main().getByText('What became of its 500 records: 200 succeeded, 300 not sent.', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Draw the 300 not sent anew…' }).click();
    await page.getByRole('dialog', { name: 'Draw the rest of Full 1' }).getByText('300 records that were not sent become a new draft.', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Make draft' }).click();
    await page.getByRole('heading', { level: 1, name: 'Rest of Full 1' }).waitFor();
  });
});

describe('a run at work', () => {
  test('that waits shows why, and a countdown that moves', async () => {
    await open('waiting');
    const timer = page.getByRole('timer');
    await timer.getByText(/^The answer to a call was lost\. Salesforce may still be working on it; looking again in 9:\d\d\.$/u).waitFor();
    const first = await timer.innerText();
    await page.waitForFunction((before) => document.querySelector('[role="timer"]')?.textContent !== before, first);
    expect(await page.title()).toBe('waiting · Batches · Countersign');
  });

  test('shows what it does, how fast, how long still, and the calls of the day', async () => {
    await open('writing');
    const progress = page.getByRole('region', { name: 'Progress' });
    await progress.getByText('Writing chunk 2 of 3').waitFor();
    for (const text of ['6.3 records a second', 'about 9 min left', '1,392 of 100,000 API calls used today', 'Why collections: 500 records are within the bulk threshold of 20,000.']) await progress.getByText(text).waitFor();
    await page.getByRole('button', { name: 'Stop after this chunk' }).waitFor();
  });

  test('by bulk names its jobs, and what stopping does to them', async () => {
    await open('job');
    await page.getByRole('region', { name: 'Progress' }).getByText('Stopping aborts the job in Salesforce and reads what it has done.').waitFor();
    expect(await page.getByRole('list', { name: 'Bulk jobs' }).getByRole('listitem').allInnerTexts()).toEqual([1, 2, 3].map((chunk) => `Chunk ${chunk}: 7505f00000Zx${chunk}QrAAK`));
  });
});

test('counts that do not add up are a blocker, and nothing of the batch can be pushed', async () => {
  await open('wrong-sum');
  await main().getByText('The counts do not add up.').waitFor();
  await main().getByText('The outcomes of run R-31 make 490, but 500 were planned.', { exact: false }).waitFor();
  await main().getByText('The counts add up to 490, not to 500.').waitFor();
  const retry = page.getByRole('button', { name: 'Retry 4' }).first();
  expect([await retry.getAttribute('aria-disabled'), await retry.getAttribute('title')]).toEqual(['true', 'The counts of this batch do not add up.']);
  expect(await status().innerText()).toContain('The counts do not add up');
});

describe('the push dialog', () => {
  async function openPush(environment: string): Promise<void> {
    await page.goto('about:blank');
    await page.goto(`${inject('preview')}/batches#environment=${environment}`);
    const press = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).first().click();
    await press('New batch…');
    await press('Draw pilot');
    await press('Submit');
    await press(/^Signed in as/u);
    await page.keyboard.type('Admin B');
    await page.keyboard.press('Enter');
    await press('Approve…');
    await press(/^Approve plan/u);
    await press('Push to Salesforce…');
  }
  const dialog = () => page.getByRole('dialog', { name: 'Push to Salesforce' });

  test('says what auto takes, what each mode is, what it leaves open, and what of the API calls is used', async () => {
    await openPush('sandbox');
    const modes = dialog().getByRole('group', { name: 'Mode' });
    expect(await modes.getByRole('radio').count()).toBe(4);
    await modes.getByText('Takes collections: 100 records are within the bulk threshold of 20,000.').waitFor();
    await dialog().getByText('1,204 of 100,000 used today (1.2 %)').waitFor();
    await dialog().getByText(/^Needs about \d+ API calls; 98,796 of 100,000 are left today, of which 1,000 are kept for others\.$/u).waitFor();
    await dialog().getByText('is overwritten unnoticed. Strict closes this gap.', { exact: false }).waitFor();
    await modes.getByRole('radio', { name: /^Strict/u }).focus();
    await page.keyboard.press('Space');
    await dialog().getByText('Salesforce compares to the second', { exact: false }).waitFor();
    await dialog().getByText('by strict').waitFor();
  });

  test('in production stays off until org and counts are typed exactly, and keeps the org in view in a small window', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await openPush('production');
    const push = dialog().getByRole('button', { name: 'Push 100 records' });
    await dialog().getByText('Snappt:11+89', { exact: true }).waitFor();
    expect(await push.getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.type('Snappt:11+88');
    await page.keyboard.press('Enter');
    expect([await push.getAttribute('aria-disabled'), await dialog().isVisible()]).toEqual(['true', true]);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('9');
    await dialog().getByText('Matches').waitFor();
    expect(await push.getAttribute('aria-disabled')).toBeNull();
    const org = await dialog().getByText('Snappt', { exact: true }).boundingBox();
    expect(org?.y).toBeGreaterThan(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('in production a retry is confirmed with the counts of what failed', async () => {
    await open('all-failed', '/batches', 'production');
    await page.getByRole('button', { name: 'Retry 500' }).first().click();
    await dialog().getByText('Snappt:55+445', { exact: true }).waitFor();
    expect(await dialog().getByRole('button', { name: 'Retry 500 records' }).getAttribute('aria-disabled')).toBe('true');
  });
});
