import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initWorkspace } from '../../electron/hosts/workspace/init-workspace.ts';
import { stopBackgroundOrg } from '../../electron/hosts/workspace/simulated-org-process.ts';
import { csvSource, type CsvSource } from '../hosts/csv-source.ts';
import { axeFindings } from '../renderer/open-browser.ts';
import { openStandInSite, type StandInSite } from '../stand-in/open-site.ts';
import { openApp, removeWorkspace, type OpenApp } from './open-app.ts';

const personalToken = 'dapi-made-up-and-never-shown';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The way from a workspace without a sign-in to an anchored audit log, on the real app in front of a stand-in of Databricks. */
describe('a Databricks warehouse in the browser', () => {
  let source: CsvSource;
  let warehouse: StandInSite;
  let app: OpenApp;

  beforeAll(async () => {
    source = csvSource();
    warehouse = await openStandInSite();
    warehouse.load(source.folder);
    const port = await freePort();
    warehouse.standIn.oidc.redirects.set('countersign', `http://localhost:${port}`);
    warehouse.standIn.oidc.tokens.add(personalToken);
    const folder = join(mkdtempSync(join(tmpdir(), 'countersign-journey-')), 'workspace');
    const configFile = join(source.root, 'databricks.json');
    writeFileSync(configFile, JSON.stringify({ name: 'Rollout', warehouse: { ...warehouse.config, oauth: { clientId: 'countersign', port } }, org: { kind: 'simulated' } }));
    await initWorkspace({ folder, from: 'config', configFile });
    app = await openApp(folder);
  }, 180_000);

  afterAll(async () => {
    await app.close();
    await stopBackgroundOrg(app.folder);
    await warehouse.close();
    source.remove();
    removeWorkspace(app.folder);
  });

  const button = (name: string) => app.page.getByRole('button', { name, exact: true });
  const status = () => app.page.getByRole('status', { name: 'Notifications' });
  const card = () => app.page.getByRole('region', { name: 'Warehouse', exact: true });

  it('is signed in to through the page that the window links to', async () => {
    await app.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Settings$/u }).click();
    await card().getByText('Nobody is signed in').waitFor();
    await button('Sign in with a browser…').click();
    const address = await app.page.getByRole('link', { name: 'Open the sign-in page' }).getAttribute('href');
    expect(new URL(address ?? '').host).toBe(warehouse.standIn.address);
    const context = await app.page.context().browser()?.newContext({ ignoreHTTPSErrors: true });
    await (await context?.newPage())?.goto(address ?? '');
    await status().getByText('Signed in to the warehouse.').waitFor();
    await card().getByText('A person, by browser (OAuth)').waitFor();
    await context?.close();
  }, 60_000);

  it('says what is not there yet, and that all is there once the views are deployed', async () => {
    await app.page.keyboard.press('Control+7');
    await button('Verify deployed views').click();
    await app.page.getByText('6 of 6 views are not as in the repo.').waitFor();
    await warehouse.deploy();
    await button('Verify deployed views').click();
    await app.page.getByText('6 of 6 deployed views equal the repo.').waitFor();
    await app.page.keyboard.press('Control+8');
    await button('Test connection').click();
    await card().getByText('Everything that is needed is there.').waitFor();
    expect(await axeFindings(app.page)).toEqual([]);
  }, 60_000);

  it('lets a refresh wait for its start, loads the snapshot, and takes the anchor of the audit log', async () => {
    warehouse.standIn.faults.add({ call: 'OpenSession', fault: { kind: 'http', status: 503, retryAfterSeconds: 3 } }, { call: 'ExecuteStatement', fault: { kind: 'http', status: 503, retryAfterSeconds: 3 } });
    await app.page.keyboard.press('Control+Shift+S');
    await app.page.getByRole('region', { name: 'Refresh' }).getByText(/^Refreshing: The warehouse is starting \(try \d+, next in \d s\)$/u).waitFor();
    await status().getByText(/^Refreshed: /u).waitFor({ timeout: 60_000 });
    await app.page.keyboard.press('Control+5');
    await button('Anchor now').click();
    await status().getByText(/^Anchored event \d+ in crm\.sfdc_dbx\.property_sync_audit_log\.$/u).waitFor();
    await button('Verify chain').click();
    await app.page.getByRole('status', { name: 'Chain status' }).getByText(/^The anchor at event \d+ agrees$/u).waitFor();
  }, 120_000);

  it('says word for word why it refuses, and names the grant to ask for', async () => {
    const refusal = `[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have SELECT on View ${warehouse.names['properties_to_create']}. SQLSTATE: 42501`;
    warehouse.standIn.faults.add({ call: 'ExecuteStatement', fault: { kind: 'refuse', message: refusal }, times: 9, sql: /FROM \S*properties_to_create/u });
    await app.page.keyboard.press('Control+Shift+S');
    await app.page.getByRole('group', { name: 'What the warehouse said' }).getByText(refusal).waitFor();
    await app.page.getByRole('link', { name: 'Connections' }).click();
    await button('Test connection').click();
    await card().getByText(/^GRANT SELECT ON VIEW \S*properties_to_create TO `/u).waitFor();
    warehouse.standIn.faults.clear();
  }, 60_000);

  it('keeps a personal token in memory only, and forgets it', async () => {
    await button('Forget the sign-in').click();
    await card().getByText('Nobody is signed in').waitFor();
    await button('Store a personal token…').click();
    await app.page.getByLabel('Personal access token').fill(personalToken);
    await app.page.keyboard.press('Enter');
    await card().getByText('Kept until Countersign is closed').waitFor();
    await button('Test connection').click();
    await card().getByText('Everything that is needed is there.').waitFor();
    const files = readdirSync(app.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.filter((file) => readFileSync(join(file.parentPath, file.name)).includes(personalToken)).map(({ name }) => name)).toEqual([]);
    expect((await app.page.evaluate(() => `${document.documentElement.outerHTML}${JSON.stringify({ ...localStorage, ...sessionStorage })}`)).includes(personalToken)).toBe(false);
    await button('Forget the token').click();
    await card().getByText('Nobody is signed in').waitFor();
    expect(app.problems).toEqual([]);
  }, 60_000);
});
