import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopBackgroundOrg } from '../../electron/hosts/workspace/simulated-org-process.ts';
import { axeFindings } from '../renderer/open-browser.ts';
import { makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';
import { notifications, press, push, refresh, signInAs, submitPilot } from './page-steps.ts';

let here: OpenApp;
let elsewhere: OpenApp;

/** Lets the policy of a workspace ask for two approvals, neither of them by the proposer. */
function askForTwo(folder: string): void {
  const file = join(folder, 'workspace.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as { policy?: object };
  writeFileSync(file, JSON.stringify({ ...config, policy: { ...config.policy, approvals: 2, selfApproval: false } }));
}

beforeAll(async () => {
  const [first, second] = await Promise.all([makeSample(600, '7'), makeSample(60, '8')]);
  askForTwo(first);
  here = await openApp(first, { as: 'Admin A' });
  elsewhere = await openApp(second, { as: 'Admin B' });
  await refresh(here.page);
});

afterAll(async () => {
  for (const app of [here, elsewhere]) {
    await app.close();
    await stopBackgroundOrg(app.folder);
    removeWorkspace(app.folder);
  }
});

/** The path of an exported file, as it is shown. */
const fileShown = (text: string): string => /\S*\/exports\/.*\.jsonl?/u.exec(text)?.[0] ?? '';

test('the second approval comes by file from another installation, and the plan can be pushed then', async () => {
  const { page } = here;
  await submitPilot(page, 'Pilot 1', 4, 6);
  await signInAs(page, 'Admin C');
  await press(page, page.getByRole('button', { name: 'Approve…' }));
  await press(page, page.getByRole('button', { name: /^Approve plan / }));
  await notifications(page).getByText(/1 of 2 approvals\.$/u).waitFor();

  await page.getByRole('button', { name: 'Export plan…' }).waitFor();
  await page.keyboard.press('Control+e');
  const exporting = page.getByRole('dialog', { name: 'Export the plan of Pilot 1' });
  await press(page, exporting.getByRole('button', { name: /^Export plan / }));
  const planFile = fileShown(await exporting.getByRole('status').innerText());
  expect(await axeFindings(page)).toEqual([]);
  await press(page, exporting.getByRole('button', { name: 'Close' }));

  const other = elsewhere.page;
  await other.keyboard.press('Control+3');
  await press(other, other.getByRole('button', { name: 'Sign a plan file…' }));
  const signing = other.getByRole('dialog', { name: 'Sign a plan file' });
  await signing.getByLabel('Exported plan').setInputFiles({ name: 'plan.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(readFileSync(planFile, 'utf8').replace('Pilot 1', 'Pilot 9')) });
  await signing.getByRole('alert').waitFor();
  expect(await signing.getByRole('button', { name: 'Sign plan' }).getAttribute('aria-disabled')).toBe('true');
  await signing.getByLabel('Exported plan').setInputFiles(planFile);
  for (const text of ['Pilot 1, from snapshot', 'Admin A', '4 creates, 6 updates', '1 of 2: Admin C']) await signing.getByText(text).first().waitFor();
  expect(await signing.getByRole('group', { name: 'Records of the plan' }).getByRole('row').count()).toBe(11);
  expect(await axeFindings(other)).toEqual([]);
  await signing.getByLabel(/^Note of Admin B/u).fill('Looked at all ten');
  await press(other, signing.getByRole('button', { name: /^Sign plan / }));
  const signed = other.getByRole('dialog', { name: /^Signed plan / });
  const approvalFile = fileShown(await signed.innerText());
  expect(await axeFindings(other)).toEqual([]);

  await press(page, page.getByRole('button', { name: 'Import approval…' }));
  const importing = page.getByRole('dialog', { name: 'Import an approval of Pilot 1' });
  await importing.getByLabel('Approval file').setInputFiles(planFile);
  await importing.getByText(/is not an approval that Countersign wrote\.$/u).waitFor();
  await importing.getByLabel('Approval file').setInputFiles(approvalFile);
  await importing.getByText('This key is seen for the first time.').waitFor();
  await importing.getByText('Looked at all ten').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await press(page, importing.getByRole('button', { name: 'Import the approval of Admin B' }));
  await notifications(page).getByText('Pilot 1 is approved. Nothing has been pushed.').waitFor();
  const approvals = page.getByRole('region', { name: 'Approvals' });
  await approvals.getByText(/^Admin B approved by file plan/u).waitFor();
  await approvals.getByText('Signed elsewhere with the key', { exact: false }).waitFor();

  await push(page);
  await notifications(page).getByText(/^Run R-1 completed: 10 succeeded, 0 failed/u).waitFor();
  expect([...here.problems, ...elsewhere.problems]).toEqual([]);
});

test('a key that was taken in once is known the next time', async () => {
  const { page } = here;
  await signInAs(page, 'Admin A');
  await submitPilot(page, 'Pilot 2', 2, 2);
  await page.getByRole('button', { name: 'Export plan…' }).waitFor();
  await page.keyboard.press('Control+e');
  const exporting = page.getByRole('dialog', { name: 'Export the plan of Pilot 2' });
  await press(page, exporting.getByRole('button', { name: /^Export plan / }));
  const planFile = fileShown(await exporting.getByRole('status').innerText());
  await press(page, exporting.getByRole('button', { name: 'Close' }));
  const other = elsewhere.page;
  await other.keyboard.press('Escape');
  await press(other, other.getByRole('button', { name: 'Sign a plan file…' }));
  const signing = other.getByRole('dialog', { name: 'Sign a plan file' });
  await signing.getByLabel('Exported plan').setInputFiles(planFile);
  await press(other, signing.getByRole('button', { name: /^Sign plan / }));
  const approvalFile = fileShown(await other.getByRole('dialog', { name: /^Signed plan / }).innerText());
  await press(page, page.getByRole('button', { name: 'Import approval…' }));
  const importing = page.getByRole('dialog', { name: 'Import an approval of Pilot 2' });
  await importing.getByLabel('Approval file').setInputFiles(approvalFile);
  await importing.getByText('This key has been taken in before', { exact: false }).waitFor();
  await press(page, importing.getByRole('button', { name: 'Import the approval of Admin B' }));
  await notifications(page).getByText(/1 of 2 approvals\.$/u).waitFor();
});
