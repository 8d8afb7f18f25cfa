import type { Locator, Page } from 'playwright-core';
import type { PushMode } from '../../shared/domain/batch.ts';
import { findRunningOrg } from '../../electron/hosts/workspace/simulated-org-process.ts';

/** Uses a control by the keyboard alone. */
export async function press(page: Page, control: Locator, key = 'Enter'): Promise<void> {
  await control.waitFor();
  await control.focus();
  await page.keyboard.press(key);
}

/** Where the focus is, in words; `nowhere` when it is lost, which is what the body stands for. */
export async function focusedElement(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'nowhere';
    return `${element.getAttribute('role') ?? element.tagName} ${element.getAttribute('aria-label') ?? element.textContent.slice(0, 40)}`;
  });
}

/** The one message at the foot of the window. */
export function notifications(page: Page): Locator {
  return page.getByRole('status', { name: 'Notifications' });
}

/** Changes who one is, where identities are free names. */
export async function signInAs(page: Page, name: string): Promise<void> {
  await press(page, page.getByRole('button', { name: /^Signed in as/u }));
  await page.getByRole('dialog', { name: 'Sign in as…' }).waitFor();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: `Signed in as ${name}` }).waitFor();
}

/** Loads the first snapshot. */
export async function refresh(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'No snapshot yet' }).waitFor();
  await page.keyboard.press('Control+Shift+S');
  await notifications(page).getByText(/^Refreshed:/u).waitFor();
}

/** Draws a pilot and freezes its plan. */
export async function submitPilot(page: Page, name: string, creates: number, updates: number): Promise<void> {
  await page.keyboard.press('Control+3');
  await press(page, page.getByRole('button', { name: 'New batch…' }).first());
  const dialog = page.getByRole('dialog', { name: 'New batch' });
  await dialog.getByLabel('Creates').fill(String(creates));
  await dialog.getByLabel('Updates').fill(String(updates));
  await dialog.getByLabel('Name').fill(name);
  await press(page, dialog.getByRole('button', { name: 'Draw pilot' }));
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await press(page, page.getByRole('button', { name: 'Submit', exact: true }));
  await notifications(page).getByText(new RegExp(`^${name} is submitted`, 'u')).waitFor();
}

/** Approves the batch that is shown. */
export async function approve(page: Page, name: string): Promise<void> {
  await press(page, page.getByRole('button', { name: 'Approve…' }));
  await press(page, page.getByRole('button', { name: /^Approve plan / }));
  await notifications(page).getByText(`${name} is approved. Nothing has been pushed.`).waitFor();
}

/** Starts the push of the batch that is shown. */
export async function push(page: Page, mode: PushMode = 'auto'): Promise<void> {
  await press(page, page.getByRole('button', { name: 'Push to Salesforce…' }));
  const dialog = page.getByRole('dialog', { name: 'Push to Salesforce' });
  await press(page, dialog.getByRole('radio', { name: new RegExp(`^${mode}`, 'iu') }), 'Space');
  await press(page, dialog.getByRole('button', { name: /^Push / }));
}

/** Adds a fault to the simulated org of a workspace, and answers with its address. */
export async function addFault(folder: string, fault: object): Promise<string> {
  const org = await findRunningOrg(folder);
  if (!org) throw new Error('The simulated org does not run.');
  await fetch(`${org.url}/_control/faults`, { method: 'POST', body: JSON.stringify(fault), headers: { 'content-type': 'application/json' } });
  return org.url;
}
