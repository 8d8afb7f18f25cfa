import { beforeEach, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { broughtWords } from '../../renderer/words/since-last.ts';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
beforeEach(() => {
  page = preview.page;
});

const main = () => page.getByRole('main');
const open = (path: string) => page.goto(`${preview.address}${path}`);
const mend = () => page.evaluate(() => (window as unknown as { mendCalls: () => void }).mendCalls());
/** Calls are held from the first one on. */
const holdFromTheStart = () => page.addInitScript(() => Object.defineProperty(window, 'holdCalls', { set(hold: () => void) { hold(); } }));

test.each([
  ['/overview#failing=audit.shipping', 'What of the audit log is copied could not be read.', 'Events copied'],
  ['/overview#failing=status.metrics', 'The metrics could not be computed.', 'Coverage'],
  ['/review#failing=app.info', 'The state of the workspace could not be read.', 'Park Kennedy'],
  ['/review?view=summary#failing=pending.summary', 'The changes could not be counted.', 'Each number opens its records.'],
  ['/rules#failing=views.list', 'The views could not be read.', 'In plain words'],
  ['/checks#failing=checks.list', 'The checks could not be read.', 'Feature on for a DISABLED property'],
  ['/batches#failing=batches.list', 'The batches could not be read.', 'No batches yet'],
  ['/audit#failing=audit.page', 'The events could not be read.', 'Update of p-0000000'],
  ['/audit?view=checkpoints#failing=audit.checkpoints', 'The checkpoints could not be read.', 'Signature'],
  ['/settings#failing=settings.get', 'The settings could not be read.', 'Approvals'],
])('%s says what is missing, is never a blank pane, and shows it when one tries again', async (path, sentence, there) => {
  await open(path);
  await main().getByText(sentence).waitFor();
  expect(await main().getByText(there).count()).toBe(0);
  expect(await page.getByText('Opening').count()).toBe(0);
  await mend();
  await main().getByRole('button', { name: 'Try again' }).click();
  await main().getByText(there).first().waitFor();
  expect(await main().getByText(sentence).count()).toBe(0);
});

test.each([
  ['/review?view=summary#failing=pending.values', 'Top values of Address', 'The values of Address could not be read.'],
  ['/review#failing=savedViews.list', 'Saved views', 'The saved views could not be read.'],
  ['/rules?view=properties_aggregated_by_sfdc_id&try=Identity_Verification_Enabled__c%3Aprimary#failing=whatIf.run', 'Run', 'The plans could not be compared.'],
])('on %s, pressing %s names what failed and can be tried again', async (path, button, sentence) => {
  await open(path);
  await page.getByRole('button', { name: button, exact: true }).first().click();
  await page.getByText(sentence).waitFor();
  await mend();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(sentence).waitFor({ state: 'detached' });
});

test('a refresh that fails is called a refresh', async () => {
  await open('/review#failing=snapshot.refresh');
  await main().getByText('Park Kennedy').first().waitFor();
  await page.keyboard.press('Control+Shift+S');
  await main().getByText('The refresh failed.').waitFor();
});

test('while the core has not answered, the status bar does not claim a connection', async () => {
  await holdFromTheStart();
  await open('/review#held=app.info');
  await page.getByText('Opening the workspace').waitFor();
  const status = page.getByRole('contentinfo', { name: 'Status' });
  await status.getByText('Connection not known yet').waitFor();
  expect(await status.getByText('Connected', { exact: true }).count()).toBe(0);
});

test('while the list is read, the inspector does not say that no record is chosen', async () => {
  await holdFromTheStart();
  await open('/review#held=pending.page');
  await main().getByText('Loading the record').waitFor();
  expect(await main().getByText('No record chosen').count()).toBe(0);
});

test('while the metrics are counted, their place says so', async () => {
  await holdFromTheStart();
  await open('/overview#held=status.metrics');
  await main().getByRole('region', { name: 'Metrics' }).getByText('counting…').waitFor();
});

test('where nothing can be changed, the status bar offers no key that changes something', async () => {
  const keysOf = async (path: string) => {
    await page.goto('about:blank');
    await open(path);
    await main().getByText('Park Kennedy').first().waitFor();
    await page.getByRole('region', { name: 'Record', exact: true }).getByRole('group', { name: 'Decision' }).waitFor();
    return page.getByRole('list', { name: 'Keys' }).getByRole('listitem').allInnerTexts();
  };
  const words = (texts: string[]) => texts.map((text) => text.split('\n').at(-1));
  expect(words(await keysOf('/review'))).toEqual(['Move', 'Approve', 'Hold', 'Exclude', 'Select', 'Why', 'Undo', 'All keys']);
  expect(words(await keysOf('/review#read-only=yes'))).toEqual(['Move', 'Why', 'All keys']);
});

test.each(['/review?view=shapes', '/review?view=summary'])('a filter without matches on %s is repeated in words, and its last term can be taken away', async (view) => {
  await open(`${view}&filter=priority%3AP2%20text%3Anothing-has-this`);
  await main().getByText('No pending change has all of: Priority is P2; Text has “nothing-has-this”.').waitFor();
  await main().getByRole('button', { name: 'Clear the last one' }).click();
  await main().getByText('334 of 3,000 pending changes').waitFor();
});

test('where nothing matches, the filters say why there is none to choose, and one term is not cleared in two ways', async () => {
  await open('/review?filter=text%3Anothing-has-this');
  await main().getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await main().getByText('No records to choose among.').waitFor();
  expect(await main().getByRole('button', { name: /^Clear (?:filters|the)/u }).allInnerTexts()).toEqual(['Clear the filter']);
});

test('without a snapshot, Overview offers one way to load it', async () => {
  await open('/overview#snapshot=none');
  await main().getByRole('heading', { name: 'No snapshot yet' }).waitFor();
  expect(await main().getByRole('button', { name: 'Refresh' }).count()).toBe(1);
});

test('nothing to review is not offered for review', async () => {
  await open('/overview#total=0');
  await main().getByRole('heading', { name: 'Metrics' }).waitFor();
  expect(await main().getByRole('link', { name: /^Review/u }).count()).toBe(0);
});

test('offline, a refresh that needs the network is off and says why', async () => {
  await open('/overview');
  await main().getByRole('heading', { name: 'Metrics' }).waitFor();
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'onLine', { value: false });
    dispatchEvent(new Event('offline'));
  });
  await main().locator('button[aria-disabled="true"]', { hasText: 'Refresh snapshot' }).waitFor();
});

test.each(['filter-terms', 'keys'])('the dialog of %s leaves org, environment and age of the snapshot uncovered', async (which) => {
  await page.setViewportSize({ width: 1024, height: 700 });
  await open('/review?filter=prio%3Ax');
  await main().getByText('Park Kennedy').first().waitFor();
  if (which === 'filter-terms') await main().getByRole('button', { name: 'Filter terms' }).click();
  else {
    await page.locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
    await page.keyboard.press('?');
  }
  const dialog = await page.getByRole('dialog').boundingBox();
  const bar = await page.locator('header[data-region]').boundingBox();
  expect(dialog?.y).toBeGreaterThanOrEqual((bar?.y ?? 0) + (bar?.height ?? 0));
  expect((dialog?.y ?? 0) + (dialog?.height ?? 0)).toBeLessThanOrEqual(700);
});

test('the first snapshot is not said to be compared with another', () => {
  const snapshot = { id: 'S-0001', creates: 2, updates: 3, added: 5, changed: 0, removed: 0 } as Snapshot;
  expect(broughtWords(snapshot)).toBe('Before S-0001 nothing was pending: all 5 records came with it.');
  expect(broughtWords({ ...snapshot, creates: 0, updates: 0, added: 0 })).toBe('Nothing is pending in S-0001, and nothing was before it.');
  expect(broughtWords({ ...snapshot, added: 4, changed: 1 })).toBe('S-0001 compared with the snapshot before it. 4 added, 1 changed, 0 removed. A decision on a changed record has fallen away: it was about what the record said before.');
  expect(broughtWords({ ...snapshot, added: 4, removed: 1 })).toBe('S-0001 compared with the snapshot before it. 4 added, 0 changed, 1 removed.');
});

test('seven digits do not put the choices below the list on a second line', async () => {
  await open('/review#total=1000161');
  await main().getByText('Park Kennedy').first().waitFor();
  await page.locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
  await page.keyboard.press('End');
  await main().getByText('Record 1,000,161 of 1,000,161').waitFor();
  const top = async (text: string) => (await main().getByText(text).boundingBox())?.y;
  expect(await top('Move on after a decision')).toBe(await top('Hide decided'));
});
