import type { Locator, Page } from 'playwright-core';
import { framesDuring, timeUntil } from './in-page.ts';
import type { Measurements } from './times.ts';

/** No other list is being read, and every row in view is loaded; the current row may be drawn elsewhere. */
const rowsAreThere = `(() => {
  const grid = document.querySelector('[role=grid][aria-label="Pending changes"]');
  if (grid === null || grid.getAttribute('aria-busy') !== null) return false;
  const { top, bottom } = grid.getBoundingClientRect();
  const seen = [...grid.querySelectorAll('[role=row]')].filter((row) => { const box = row.getBoundingClientRect(); return box.bottom > top && box.top < bottom; });
  return seen.length > 1 && seen.every((row) => row.getAttribute('aria-busy') === null);
})()`;
const rowCount = `Number(document.querySelector('[role=grid][aria-label="Pending changes"]')?.getAttribute('aria-rowcount') ?? -1)`;

const filters = ['priority:P2', 'kind:create', 'priority:P1', 'field:City__c', 'rule:any', 'multi:true', 'priority:P2 rule:earliest', '-priority:P3 multi:true'];
const words = ['park', 'oak', 'street', 'ridge', 'lofts', '77', 'springfield', 'har', 'no such name', 'village'];
const sorts = ['Name', 'Contributors', 'Priority', 'Decision', 'Change'];

/** Every `each`, at least `rounds` times in all. */
async function again<T>(rounds: number, all: readonly T[], work: (each: T, round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const each = all[round % all.length];
    if (each !== undefined) await work(each, round);
  }
}

function grid(page: Page): Locator {
  return page.getByRole('grid', { name: 'Pending changes' });
}

/** The address with another query; the app goes there as it does for a link. */
async function follow(page: Page, query: string): Promise<void> {
  await page.evaluate((address) => {
    document.querySelector('#bench-link')?.remove();
    const link = document.createElement('button');
    link.id = 'bench-link';
    link.style.cssText = 'position:fixed;inset-block-end:0;inset-inline-start:0;inline-size:8px;block-size:8px;z-index:9999';
    link.addEventListener('click', () => {
      history.pushState(null, '', address);
      dispatchEvent(new PopStateEvent('popstate'));
    });
    document.body.append(link);
  }, `/review${query}`);
  await page.locator('#bench-link').click();
}

/**
 * Measures the Review screen of the served app as a person meets it.
 *
 * Shape:  first rows, page, sort, filter, search, jump to end, open inspector, scrolling; the page stands on Review without a filter before and after.
 */
export async function measureOurs(page: Page, address: string, rounds: number, into: Measurements): Promise<void> {
  for (let round = 0; round < Math.min(rounds, 7); round += 1) {
    await page.goto('about:blank');
    await page.goto(address);
    await page.waitForFunction(rowsAreThere);
    into.add('first rows visible, from nothing', await page.evaluate<number>('window.bench.painted().then(() => performance.now())'));
  }
  const total = await page.evaluate<number>(rowCount);
  await grid(page).getByRole('row').nth(1).click();

  await again(rounds, [0.13, 0.47, 0.71, 0.29, 0.93], async (share, round) => {
    const at = Math.floor(total * ((share + round * 0.0137) % 1));
    await page.evaluate<void>(`(() => { const grid = document.querySelector('[role=grid][aria-label="Pending changes"]'); grid.scrollTop = grid.scrollHeight * ${at / total}; })()`);
    await page.waitForFunction(rowsAreThere);
    await grid(page).locator('[role=row][aria-rowindex]').nth(9).click();
    await page.waitForFunction(rowsAreThere);
    const current = await page.evaluate<number>(`Number(document.activeElement.getAttribute('aria-rowindex'))`);
    into.add('page', await timeUntil(page, `${rowsAreThere} && Number(document.activeElement.getAttribute('aria-rowindex')) > ${current} && document.activeElement.getAttribute('aria-busy') === null`, () => page.keyboard.press('PageDown')));
  });

  await again(rounds, [...sorts, ...sorts.map((name) => name)], async (name) => {
    const head = grid(page).getByRole('columnheader', { name: new RegExp(`^${name}`, 'u') }).first();
    const before = JSON.stringify([await head.getAttribute('aria-sort')]);
    const sorted = `(() => { const head = [...document.querySelectorAll('[role=grid] [role=columnheader]')].find((one) => (one.textContent ?? '').trim().startsWith(${JSON.stringify(name)})); return JSON.stringify([head?.getAttribute('aria-sort') ?? null]) !== ${JSON.stringify(before)} && ${rowsAreThere}; })()`;
    into.add('sort', await timeUntil(page, sorted, () => head.getByRole('button').first().click()));
  });
  await follow(page, '');
  await page.waitForFunction(rowsAreThere);

  await again(rounds, filters, async (filter) => {
    const filtered = `${rowsAreThere} && location.search.includes('filter=') && ${rowCount} < ${total}`;
    into.add('filter', await timeUntil(page, filtered, () => follow(page, `?filter=${encodeURIComponent(filter)}`)));
    await follow(page, '');
    await page.waitForFunction(`${rowsAreThere} && ${rowCount} === ${total}`);
  });

  const box = page.getByRole('searchbox', { name: 'Search pending changes' });
  const nothing = `document.body.innerText.includes('Nothing matches')`;
  await again(rounds, words, async (word) => {
    into.add('search', await timeUntil(page, `location.search.includes('text') && ((${rowsAreThere} && ${rowCount} < ${total}) || ${nothing})`, async () => {
      await box.fill(word);
      // Enter does not wait for the end of typing.
      await box.press('Enter');
    }));
    await follow(page, '');
    await page.waitForFunction(`${rowsAreThere} && ${rowCount} === ${total}`);
  });

  await again(rounds, ['End', 'Home'], async (key) => {
    const wanted = key === 'End' ? total : 2;
    await grid(page).locator('[role=row][tabindex="0"]').focus();
    if ((await page.evaluate<number>(`Number(document.activeElement.getAttribute('aria-rowindex'))`)) === wanted) return;
    const ms = await timeUntil(page, `${rowsAreThere} && Number(document.activeElement.getAttribute('aria-rowindex')) === ${wanted} && document.activeElement.getAttribute('aria-busy') === null`, () => page.keyboard.press(key));
    if (key === 'End') into.add('jump to end', ms);
  });

  await again(rounds, ['ArrowDown'], async (key) => {
    await grid(page).locator('[role=row][tabindex="0"]').focus();
    const opened = `(() => { const name = document.querySelector('[role=grid] [role=row][tabindex="0"] [role=rowheader]')?.textContent; const inspector = document.querySelector('[aria-label="Record"]'); return name !== window.benchName && inspector?.querySelector('h2')?.textContent === name && inspector.querySelector('[aria-busy=true]') === null; })()`;
    await page.evaluate(`window.benchName = document.querySelector('[role=grid] [role=row][tabindex="0"] [role=rowheader]')?.textContent`);
    if (await page.evaluate<boolean>(opened)) return;
    into.add('open inspector', await timeUntil(page, opened, () => page.keyboard.press(key)));
  });

  into.add('frame while scrolling by wheel', ...(await framesDuring(page, () => wheel(page, grid(page)))));
  into.add('frame while dragging the scroll bar', ...(await framesDuring(page, () => drag(page, '[role=grid][aria-label="Pending changes"]'))));
}

/** Turns the wheel over an element for some seconds. */
export async function wheel(page: Page, over: Locator): Promise<void> {
  const box = await over.boundingBox();
  if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let turn = 0; turn < 150; turn += 1) {
    await page.mouse.wheel(0, 240);
    await page.evaluate('window.bench.painted()');
  }
}

/** Moves the scroll position through the whole set, as dragging the thumb does. */
export async function drag(page: Page, selector: string): Promise<void> {
  await page.evaluate(
    async ([wanted, steps]) => {
      const element = document.querySelector<HTMLElement>(String(wanted));
      if (!element) throw new Error('there is nothing to scroll');
      for (let step = 0; step <= Number(steps); step += 1) {
        element.scrollTop = ((element.scrollHeight - element.clientHeight) * step) / Number(steps);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    },
    [selector, 120] as const,
  );
}

/**
 * Approves everything in a filter, from the last click or key that it takes to the words that say it is done, then undoes it.
 *
 * Shape:  null where nothing can be approved in this filter.
 */
export async function approveAll(page: Page, filter: string): Promise<{ ms: number; said: string }> {
  await follow(page, filter === '' ? '' : `?filter=${encodeURIComponent(filter)}`);
  await page.waitForFunction(rowsAreThere);
  await grid(page).locator('[role=row][tabindex="0"]').focus();
  const said = `document.querySelector('[role=status][aria-label="Notifications"]')?.textContent ?? ''`;
  const isDone = `/^Approved /.test((${said}).trim())`;
  const confirm = page.getByRole('dialog').getByRole('button', { name: /^Approve/u });
  const ms = await timeUntil(page, isDone, async () => {
    await page.keyboard.press('Shift+A');
    await Promise.race([page.waitForFunction(isDone), confirm.waitFor()]);
    if (await confirm.isVisible()) await confirm.click();
  });
  return { ms, said: await page.evaluate<string>(said) };
}
