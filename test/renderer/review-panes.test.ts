import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { axeFindings } from './open-browser.ts';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
beforeEach(async () => {
  page = preview.page;
  await page.goto(`${preview.address}/review`);
  await inspector().getByRole('heading', { name: 'Park Kennedy' }).waitFor();
});

const inspector = () => page.getByRole('region', { name: 'Record', exact: true });
const filters = () => page.getByRole('region', { name: 'Filters' });
const records = () => page.getByRole('region', { name: 'Records', exact: true });
const edge = (name: 'Resize inspector' | 'Resize filters') => page.getByRole('separator', { name });

type Pane = ReturnType<typeof inspector>;
const widthOf = async (pane: Pane) => Math.round((await pane.boundingBox())?.width ?? 0);
const told = (of: 'now' | 'min' | 'max', name: Parameters<typeof edge>[0] = 'Resize inspector') => edge(name).getAttribute(`aria-value${of}`).then(Number);
const sidewaysOverflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

test.each([
  { name: 'Resize inspector', pane: inspector, wider: 'ArrowLeft', narrower: 'ArrowRight' },
  { name: 'Resize filters', pane: filters, wider: 'ArrowRight', narrower: 'ArrowLeft' },
] as const)('by keys, $name makes its pane wider and narrower in steps, tells the width, and goes back to the usual one', async ({ name, pane, wider, narrower }) => {
  const usual = await widthOf(pane());
  await edge(name).focus();
  await page.keyboard.press(wider);
  await expect.poll(() => widthOf(pane())).toBe(usual + 16);
  await expect.poll(() => told('now', name)).toBe(usual + 16);
  await page.keyboard.press('Home');
  await expect.poll(async () => (await told('now', name)) === (await told('min', name))).toBe(true);
  await page.keyboard.press(narrower);
  expect(await widthOf(pane())).toBe(await told('min', name));
  await page.keyboard.press('End');
  await expect.poll(async () => (await told('now', name)) === (await told('max', name))).toBe(true);
  expect(await widthOf(records())).toBe(384);
  expect(await sidewaysOverflow()).toBe(0);
  await page.keyboard.press('Enter');
  await expect.poll(() => widthOf(pane())).toBe(usual);
  expect(await edge(name).evaluate((element) => element === document.activeElement)).toBe(true);
});

test('a dragged width is there when one comes back, also beside a change shape, and a double click forgets it', async () => {
  const usual = await widthOf(inspector());
  const box = await edge('Resize inspector').boundingBox();
  const [x, y] = [(box?.x ?? 0) + 4, (box?.y ?? 0) + 200];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 30, y, { steps: 3 });
  // The pointer may leave the line, and even the pane.
  await page.mouse.move(x - 100, y - 150, { steps: 3 });
  await expect.poll(() => widthOf(inspector())).toBe(usual + 100);
  await page.mouse.up();
  await page.mouse.move(x, y);
  expect(await widthOf(inspector())).toBe(usual + 100);
  await page.reload();
  await inspector().getByRole('heading', { name: 'Park Kennedy' }).waitFor();
  expect(await widthOf(inspector())).toBe(usual + 100);
  await page.getByRole('link', { name: /^Change shapes/u }).click();
  const shape = page.getByRole('region', { name: 'Shape', exact: true });
  await shape.waitFor();
  expect(await widthOf(shape)).toBe(usual + 100);
  await page.goBack();
  await edge('Resize inspector').dblclick({ position: { x: 4, y: 300 } });
  await expect.poll(() => widthOf(inspector())).toBe(usual);
  await page.reload();
  await inspector().getByRole('heading', { name: 'Park Kennedy' }).waitFor();
  expect(await widthOf(inspector())).toBe(usual);
});

test('a width from a large window leaves room for the grid in a small one, and at 200 % zoom nothing is cut off', async () => {
  await edge('Resize inspector').press('End');
  await page.setViewportSize({ width: 1024, height: 700 });
  await expect.poll(() => widthOf(records())).toBe(384);
  expect(await edge('Resize filters').isVisible()).toBe(false);
  const right = await inspector().evaluate((element) => element.getBoundingClientRect().right);
  expect(Math.round(right)).toBe(1024);
  expect(await told('now')).toBe(await told('max'));
  await page.setViewportSize({ width: 720, height: 450 });
  expect(await edge('Resize inspector').isVisible()).toBe(false);
  expect(await sidewaysOverflow()).toBe(0);
  expect(await widthOf(inspector())).toBe(await widthOf(records()));
});

test.each(['light', 'dark'] as const)('the lines between the panes are reachable for everyone in %s, with the panes at their narrowest', async (theme) => {
  await page.emulateMedia({ colorScheme: theme });
  await edge('Resize filters').press('Home');
  await edge('Resize inspector').press('End');
  expect(await axeFindings(page)).toEqual([]);
  await edge('Resize inspector').press('Home');
  expect(await axeFindings(page)).toEqual([]);
});

test('by clicks alone, from the palette, panes get wider, narrower and their usual width again', async () => {
  const run = async (command: string) => {
    await page.getByRole('button', { name: 'Search or run a command' }).click();
    await page.getByRole('option', { name: command, exact: true }).click();
  };
  const usual = { filters: await widthOf(filters()), inspector: await widthOf(inspector()) };
  await run('Widen filters');
  await expect.poll(() => widthOf(filters())).toBe(usual.filters + 64);
  await page.getByRole('status', { name: 'Notifications' }).getByText(`Filters ${usual.filters + 64} pixels wide.`).waitFor();
  await run('Narrow inspector');
  await expect.poll(() => widthOf(inspector())).toBe(usual.inspector - 64);
  await run('Widen inspector');
  await expect.poll(() => widthOf(inspector())).toBe(usual.inspector);
  await run('Narrow filters');
  await expect.poll(() => widthOf(filters())).toBe(usual.filters);
  await run('Widen filters');
  await run('Widen inspector');
  await page.reload();
  await expect.poll(async () => [await widthOf(filters()), await widthOf(inspector())]).toEqual([usual.filters + 64, usual.inspector + 64]);
  await run('Reset panes');
  await expect.poll(async () => [await widthOf(filters()), await widthOf(inspector())]).toEqual([usual.filters, usual.inspector]);
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.getByRole('button', { name: 'Search or run a command' }).click();
  await page.getByRole('option', { name: 'Widen filters The window has no room to choose it.' }).waitFor();
});

test('a line between panes covers the padding beside it, and nothing that one can click', async () => {
  for (const name of ['Resize filters', 'Resize inspector'] as const) {
    const [line, before] = [await edge(name).boundingBox(), name === 'Resize filters' ? await filters().boundingBox() : await records().boundingBox()];
    expect(line?.width ?? 0).toBeGreaterThanOrEqual(name === 'Resize filters' ? 12 : 16);
    expect(line?.x).toBeGreaterThanOrEqual((before?.x ?? 0) + (before?.width ?? 0));
    const covered = await page.evaluate(
      ({ x, width }) => [...document.querySelectorAll('button, a, input, select')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().left < x + width && one.getBoundingClientRect().right > x && one.closest('main section') !== null).map((one) => one.getAttribute('aria-label') ?? one.textContent),
      { x: line?.x ?? 0, width: line?.width ?? 0 },
    );
    expect(covered).toEqual([]);
  }
});

test('in a small window the open filters begin below the tabs, which stay free', async () => {
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.getByRole('button', { name: /^Filters/u }).click();
  const [pane, tabs] = [await filters().boundingBox(), await page.getByRole('navigation', { name: 'Review views' }).boundingBox()];
  expect(pane?.y ?? 0).toBeGreaterThanOrEqual((tabs?.y ?? 0) + (tabs?.height ?? 0));
  expect((pane?.y ?? 0) + (pane?.height ?? 0)).toBeGreaterThan(600);
  await page.getByRole('link', { name: /^Summary/u }).click();
  await page.getByRole('heading', { name: 'Priority' }).waitFor();
});
