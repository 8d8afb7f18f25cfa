import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
beforeEach(() => {
  page = preview.page;
});

const status = () => page.getByRole('status', { name: 'Notifications' });
const shape = () => page.getByRole('region', { name: 'Shape', exact: true });
const shapes = () => page.getByRole('grid', { name: 'Change shapes' });
const decision = () => page.getByRole('group', { name: 'Decision' });
const filterOf = () => new URL(page.url()).searchParams.get('filter');
const matching = (text: string) => page.getByRole('group', { name: 'Active filters' }).getByText(text).first().waitFor();

async function open(path: string): Promise<void> {
  await page.goto(`${preview.address}${path}`);
}

/** Opens the shape of 333 updates that turn IDV on, with its 4 outliers. */
async function openIdv(fragment = ''): Promise<void> {
  await open(`/review?view=shapes${fragment}`);
  await shapes().getByRole('row', { name: /^IDV FALSE → TRUE, date filled, address changed/u }).click();
  await shape().getByRole('heading', { name: 'IDV FALSE → TRUE, date filled, address changed, several properties' }).waitFor();
}

describe('change shapes', () => {
  test('add up to the snapshot, and the sum is written out', async () => {
    await open('/review?view=shapes');
    await page.getByText('167 P1 + 334 P2 + 2,499 P3 = 3,000 pending changes in 7 shapes.').waitFor();
    await page.getByText('Every change is in exactly one shape.').waitFor();
    const rows = await shapes().getByRole('row').evaluateAll((all) => all.map((row) => Number(row.querySelector('.strong')?.textContent.replaceAll(',', '') ?? '0')));
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(3_000);
  });

  test('are moved through by keys with one tab stop, past the headings, and Enter and Escape go there and back', async () => {
    await open('/review?view=shapes');
    await shapes().getByRole('row', { name: /New: IDV on/u }).waitFor();
    expect(await shapes().locator('[role="row"][tabindex="0"]:not([aria-busy])').count()).toBe(1);
    await shapes().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
    await page.keyboard.press('j');
    await shape().getByRole('heading', { name: /^IDV FALSE → TRUE/u }).waitFor();
    await page.keyboard.press('ArrowUp');
    await shape().getByRole('heading', { name: 'New: IDV on, one property' }).waitFor();
    await page.keyboard.press('End');
    await shape().getByRole('heading', { name: 'New: no features, without zip, one property' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Shape details');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'row');
  });

  test('are approved by one key without their outliers, with true numbers before and after, and undone', async () => {
    await openIdv();
    await decision().getByRole('button', { name: 'Approve 329' }).waitFor();
    await shapes().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
    await page.keyboard.press('a');
    await status().getByText('Approved 329 records. 0 of 333 approved before, 329 now.').waitFor();
    await decision().getByText('329 of 333').waitFor();
    expect(await decision().getByRole('button', { name: /^Approve/u }).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('u');
    await status().getByText('Undid: Approved 329 records.').waitFor();
    await decision().getByRole('button', { name: 'Approve 329' }).waitFor();
  });

  test('leave blocked outliers out of an approval even when they are taken in, and hold them with a reason', async () => {
    await openIdv();
    await decision().getByRole('checkbox', { name: 'Leave the 4 outliers out' }).uncheck();
    await decision().getByRole('button', { name: 'Hold 333' }).waitFor();
    expect(await decision().getByRole('button', { name: 'Approve 329' }).count()).toBe(1);
    await decision().getByText('4 records with blockers cannot be approved').waitFor();
    await shapes().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
    await page.keyboard.press('h');
    await page.getByRole('dialog', { name: 'Hold 333 records' }).getByLabel('Reason').fill('Waiting for the lease');
    await page.keyboard.press('Enter');
    await status().getByText('Held 333 records. 0 of 333 held before, 333 now.').waitFor();
  });

  test.each([
    [1440, 900],
    [1024, 700],
  ])('have their three decisions side by side in a window of %i by %i, also with a million records', async (width, height) => {
    await page.setViewportSize({ width, height });
    await page.goto(`${preview.address}/review?view=shapes#in-shapes=million`);
    await decision().getByRole('button', { name: 'Exclude 1,000,000' }).waitFor();
    const tops = await decision().getByRole('button').evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().top));
    expect([tops.length, new Set(tops).size]).toEqual([3, 1]);
    const cut = await decision().getByRole('button').evaluateAll((buttons) => buttons.filter((button) => button.scrollWidth > button.clientWidth).length);
    expect(cut).toBe(0);
  });

  test('that are approved already keep their approval, and are named beside the number that is not', async () => {
    await openIdv();
    await decision().getByRole('button', { name: 'Approve 329' }).click();
    await status().getByText(/^Approved 329 records/u).waitFor();
    await decision().getByRole('checkbox', { name: 'Keep the 329 decided as they are' }).uncheck();
    await decision().getByText('329 are approved already').waitFor();
    expect(await decision().getByRole('button', { name: 'Approve 0' }).getAttribute('title')).toBe('All of these are approved already.');
    await decision().getByRole('button', { name: 'Hold 329' }).waitFor();
  });

  test('keep what was decided record by record, unless one says otherwise', async () => {
    await openIdv();
    await shapes().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
    await page.keyboard.press('x');
    await page.getByRole('dialog', { name: 'Exclude 329 records' }).getByLabel('Reason').fill('Halcyon is leaving');
    await page.keyboard.press('Enter');
    await status().getByText(/^Excluded 329 records/u).waitFor();
    expect(await decision().getByRole('button', { name: 'Approve 0' }).getAttribute('title')).toBe('All of these are decided.');
    await decision().getByRole('checkbox', { name: 'Keep the 329 decided as they are' }).uncheck();
    await decision().getByRole('button', { name: 'Approve 329' }).waitFor();
  });

  test('say nothing of the rest before a draw, and count while it is looked at', async () => {
    await openIdv();
    const coverage = shape().getByRole('region', { name: 'Coverage' });
    await coverage.getByText('0 of 333 viewed. Records picked by hand say nothing about the rest; a random draw does.').waitFor();
    await coverage.getByRole('button', { name: 'Draw 50', exact: true }).click();
    await coverage.getByText('0 of 50 looked at.').waitFor();
    await coverage.getByRole('button', { name: 'Draw 50 more' }).waitFor();
    const next = shape().getByRole('region', { name: 'Sample' });
    await next.getByText('50 records not looked at yet').waitFor();
    await next.getByRole('link', { name: /^Open /u }).first().click();
    expect(filterOf()).toBe('sample:D-1');
    await matching('50 of 3,000');
  });

  test('a draw that was looked at and approved states its bound', async () => {
    await openIdv();
    await shape().getByRole('button', { name: 'Draw 50', exact: true }).click();
    await shape().getByText('0 of 50 looked at.').waitFor();
    await page.evaluate(() => {
      history.pushState(null, '', '/review?filter=sample%3AD-1');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    const grid = page.getByRole('grid', { name: 'Pending changes' });
    await matching('50 of 3,000');
    await grid.locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
    for (let record = 0; record < 50; record += 1) {
      await page.keyboard.press('a');
      await status().getByText(`${(49 - record).toLocaleString('en-US')} undecided left in this filter.`).waitFor();
    }
    await page.getByRole('navigation', { name: 'Review views' }).getByRole('link', { name: 'Change shapes' }).click();
    await page.getByRole('button', { name: /^Remove filter In draw/u }).click();
    await shapes().getByRole('row', { name: /^IDV FALSE → TRUE, date filled, address changed/u }).click();
    await shape().getByText('With 0 wrong in 50, at most about 6 % of the shape is wrong, at 95 % confidence.').waitFor();
  });

  test('open their outliers and all of their records as a filter', async () => {
    await openIdv();
    await shape().getByText('Two RDS properties have this id: 4 in this shape').first().waitFor();
    await shape().getByRole('button', { name: 'Review 4 outliers' }).click();
    await matching('4 of 3,000');
    await page.goBack();
    await shape().getByRole('link', { name: 'Show all 333' }).click();
    await matching('333 of 3,000');
  });

  test('follow the filter of the address, and say so', async () => {
    await open('/review?view=shapes&filter=priority%3AP2');
    await page.getByText('334 P2 = 334 pending changes that match the filter, in 2 shapes.').waitFor();
    await page.getByRole('button', { name: 'Remove filter Priority is P2' }).click();
    await page.getByText('in 7 shapes.').waitFor();
  });

  test('of one record each are folded into one row, and Enter takes them apart', async () => {
    await open('/review?view=shapes&filter=key%3Ap-0000001+key%3Ap-0000003+key%3Ap-0000017');
    await shapes().getByRole('row', { name: /^Single records, 3 shapes/u }).click();
    await shape().getByRole('heading', { name: '3 shapes of one record each' }).waitFor();
    await page.keyboard.press('Enter');
    await shapes().getByRole('row', { name: /^New: no features, one property/u }).waitFor();
    expect(await shapes().getByRole('row').count()).toBe(5);
    await shape().getByText('1 of 1,667 match the filter').waitFor();
    await page.getByText('3 P3 = 3 pending changes that match the filter, in 3 shapes.').waitFor();
  });

  test('that do not add up to the snapshot say by how much, and what to do', async () => {
    await open('/review?view=shapes#shapes=short');
    await page.getByText('The shapes do not add up.').waitFor();
    await page.getByText('They hold 2,999 records; the snapshot has 3,000. Do not decide by shape until this is understood: refresh the snapshot, and if it stays, decide in Records.', { exact: false }).waitFor();
    await page.getByText('= 2,999 pending changes in 6 shapes.').waitFor();
    expect(await page.getByText('Every change is in exactly one shape.').count()).toBe(0);
  });

  test('that cannot be read say why, and are read when one tries again', async () => {
    await open('/review?view=shapes#shapes=failing');
    await page.getByText('The shapes could not be read').waitFor();
    await page.getByText('The cache did not answer. You still see the last snapshot; nothing was changed.').waitFor();
    expect(await shapes().count()).toBe(0);
    await page.evaluate(() => history.replaceState(null, '', location.pathname + location.search));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('= 3,000 pending changes in 7 shapes.').waitFor();
    expect(await page.getByText('The shapes could not be read').count()).toBe(0);
  });

  test('cannot be decided in a read-only window, which says so', async () => {
    await openIdv('#read-only=yes');
    await decision().getByText('Read only: this Countersign cannot change anything.').waitFor();
    expect(await shape().getByRole('button', { name: 'Draw 50' }).getAttribute('aria-disabled')).toBe('true');
  });
});

describe('the summary', () => {
  test('opens exactly the records that a number counts', async () => {
    await open('/review?view=summary');
    await page.getByRole('link', { name: 'Show 501 records with IDV enabled FALSE to TRUE' }).click();
    expect(filterOf()).toBe('transition:Identity_Verification_Enabled__c:turned-on');
    await matching('501 of 3,000');
    await page.goBack();
    await page.getByRole('link', { name: 'Show 334 records with priority P2 Flag changes' }).click();
    await matching('334 of 3,000');
  });

  test('stays under the filter, and its numbers open records of both', async () => {
    await open('/review?view=summary&filter=priority%3AP2');
    await page.getByText('334 of 3,000 pending changes').waitFor();
    await page.getByRole('link', { name: 'Show 334 records in which Address changes' }).click();
    expect(filterOf()).toBe('priority:P2 field:Address__c');
    await matching('334 of 3,000');
  });

  test('shows the most frequent values of a field, blank as blank, and opens their records', async () => {
    await open('/review?view=summary');
    await page.getByRole('button', { name: 'Top values of Company name' }).click();
    const values = page.getByRole('list', { name: 'Top values of Company name' });
    await values.getByText('blank').first().waitFor();
    await values.getByRole('link').first().click();
    expect(filterOf()).toContain('before:Company_Name__c= ');
    await matching(' of 3,000');
  });
});

describe('what a refresh changed', () => {
  test('shows old and new words, where they stand, and whose decision fell away', async () => {
    await open('/review?view=since');
    const changed = page.getByRole('region', { name: 'Changed' });
    await changed.getByText('Approved by Admin B, 20 Nov, 10:12. The decision fell away, because it was about the old content. Its reason was: Checked against the lease').waitFor();
    const first = changed.getByRole('table', { name: 'What is different about Park Kennedy: proposed', exact: true });
    expect(await first.locator('del').textContent()).toBe('St');
    expect(await first.locator('ins').textContent()).toBe('Street');
    await changed.getByRole('button', { name: 'Review again 41' }).click();
    expect(filterOf()).toBe('since:changed');
    await matching('41 of 3,000');
  });

  test('goes on page by page, and the focus goes along', async () => {
    await open('/review?view=since');
    const changed = page.getByRole('region', { name: 'Changed' });
    await changed.getByRole('button', { name: 'Show 16 more' }).click();
    await changed.getByRole('button', { name: 'Show 16 more' }).waitFor({ state: 'detached' });
    expect(await changed.getByRole('listitem').count()).toBe(41);
    await page.waitForFunction(() => document.activeElement?.tagName === 'A');
  });

  test('opens the records whose approval fell away', async () => {
    await open('/review?view=since');
    await page.getByRole('link', { name: /^Show \d+ fallen approvals$/u }).click();
    expect(filterOf()).toBe('fallen:approve');
  });
});

describe('a saved view', () => {
  async function save(name: string, button: string): Promise<void> {
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('dialog', { name: 'Saved views' }).getByRole('button', { name: 'Save this view…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this view' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: button }).click();
  }

  test('keeps filter and order under a name, is replaced only after saying so, and opens from the palette', async () => {
    await open('/review?filter=priority%3AP2&sort=name&record=p-0000000&kind=update');
    await save('Flag changes', 'Save view');
    await status().getByText('Saved the view Flag changes.').waitFor();
    await page.getByRole('button', { name: 'Remove filter Priority is P2' }).click();
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save this view…' }).click();
    await page.getByRole('dialog', { name: 'Save this view' }).getByLabel('Name').fill('Flag changes');
    await page.getByText('Saving replaces it.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('flag changes');
    await page.getByRole('option', { name: 'Flag changes', exact: true }).click();
    await matching('334 of 3,000');
    expect(new URL(page.url()).searchParams.get('sort')).toBe('name');
  });

  test('can be deleted and put back', async () => {
    await open('/review?filter=priority%3AP2');
    await save('Flag changes', 'Save view');
    await page.getByRole('button', { name: 'Saved views' }).click();
    const dialog = page.getByRole('dialog', { name: 'Saved views' });
    await dialog.getByRole('button', { name: 'Delete Flag changes' }).click();
    await dialog.getByRole('button', { name: 'Put it back' }).click();
    await dialog.getByRole('button', { name: 'Open Flag changes' }).click();
    await matching('334 of 3,000');
  });
});
