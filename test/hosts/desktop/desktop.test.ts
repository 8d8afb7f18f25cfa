import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { toMainSchema } from '../../../electron/hosts/desktop/core-messages.ts';
import { isAllowedExternal, isOwnPage, webPreferences } from '../../../electron/hosts/desktop/security.ts';
import { startDesktop } from '../../../electron/hosts/desktop/start-desktop.ts';
import { electronDouble, type ElectronDouble, type PortDouble } from './electron-double.ts';

let root: string;
let electron: ElectronDouble;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-desktop-'));
  mkdirSync(join(root, 'dist'));
  writeFileSync(join(root, 'secret.json'), 'secret');
  writeFileSync(join(root, 'dist/index.html'), '<title>Page');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(async () => {
  electron = electronDouble();
  await startDesktop(electron.api, { page: join(root, 'dist'), preload: '/preload.cjs', coreEntry: '/core-entry.ts', workspace: '/workspace' });
});

const foreign = ['https://evil.example/', 'http://countersign/', 'file:///etc/passwd', 'data:text/html,x', 'javascript:alert(1)', 'app://countersign.evil/', 'app://evil/', 'app://user@countersign/', 'about:blank', 'blob:app://countersign/x', 'ftp://countersign/', 'not a url'];

describe('the desktop host', () => {
  it('opens one window on its own scheme, sandboxed and isolated, with the core in a process of its own', () => {
    expect(electron.app.sandboxed).toBe(true);
    expect(electron.loaded).toEqual(['app://countersign/']);
    expect(electron.windowOptions).toMatchObject([{ webPreferences: { ...webPreferences, preload: '/preload.cjs' } }]);
    expect(webPreferences).toMatchObject({ nodeIntegration: false, contextIsolation: true, sandbox: true, webSecurity: true, webviewTag: false, allowRunningInsecureContent: false, experimentalFeatures: false });
    expect(electron.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
    expect(electron.schemes[0]?.privileges).not.toHaveProperty('bypassCSP');
    expect(electron.core.forked).toEqual({ entry: '/core-entry.ts', words: ['/workspace'] });
  });

  it('serves the page under a strict policy and nothing outside its folder', async () => {
    const get = (url: string, method = 'GET') => electron.handlers['app']?.({ url, method }) as Promise<Response>;
    const page = await get('app://countersign/review?filter=x');
    expect([page.status, await page.text()]).toEqual([200, '<title>Page']);
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'none'");
    for (const url of ['app://countersign/../secret.json', 'app://countersign/%2e%2e/secret.json', 'app://countersign/..%2fsecret.json', 'app://countersign/..%5csecret.json', 'app://evil/index.html', 'app://countersign/%00.json']) {
      const answer = await get(url);
      expect([url, (await answer.text()).includes('secret'), answer.status >= 400]).toEqual([url, false, true]);
    }
    expect((await get('app://countersign/', 'POST')).status).toBe(403);
  });

  it('goes nowhere: no navigation, no window, no webview, no download', () => {
    for (const url of foreign) {
      for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) expect([url, event, electron.contents.navigates(event, url)]).toEqual([url, event, false]);
      expect(electron.contents.windowOpenHandler?.({ url })).toEqual({ action: 'deny' });
    }
    expect(electron.contents.navigates('will-navigate', 'app://countersign/batches')).toBe(true);
    expect(electron.contents.navigates('will-frame-navigate', 'app://countersign/batches', false)).toBe(false);
    expect(electron.opened).toEqual([]);
    let prevented = 0;
    const event = { preventDefault: () => (prevented += 1) };
    electron.contents.emit('will-attach-webview', event);
    electron.session['will-download']?.(event as never);
    expect(prevented).toBe(2);
  });

  it('denies every permission but copying from its own page, every device, and every request that leaves the app', () => {
    const asked = (permission: string, requestingUrl: string | undefined, isMainFrame = true): unknown[] => {
      const answers: unknown[] = [];
      electron.session['setPermissionRequestHandler']?.({} as never, permission as never, ((allowed: boolean) => answers.push(allowed)) as never, { requestingUrl, isMainFrame } as never);
      return [...answers, electron.session['setPermissionCheckHandler']?.({} as never, permission as never, '' as never, { requestingUrl, isMainFrame } as never)];
    };
    expect(asked('clipboard-sanitized-write', 'app://countersign/settings')).toEqual([true, true]);
    for (const permission of ['geolocation', 'clipboard-read', 'notifications', 'openExternal', 'media', 'unknown']) expect([permission, asked(permission, 'app://countersign/')]).toEqual([permission, [false, false]]);
    for (const url of [...foreign, undefined]) expect([url, asked('clipboard-sanitized-write', url)]).toEqual([url, [false, false]]);
    expect([asked('clipboard-sanitized-write', 'app://countersign/', false), electron.session['setDevicePermissionHandler']?.()]).toEqual([[false, false], false]);
    const cancelled = (url: string): unknown => {
      let answer: unknown;
      electron.session['onBeforeRequest']?.({ url } as never, ((given: { cancel: boolean }) => (answer = given.cancel)) as never);
      return answer;
    };
    for (const url of foreign) expect([url, cancelled(url)]).toEqual([url, true]);
    expect([cancelled('app://countersign/app.js'), cancelled('data:image/png;base64,AA')]).toEqual([false, false]);
  });

  it('opens only Salesforce and Databricks in the browser, over https', () => {
    expect(['https://login.salesforce.com/', 'https://acme.my.salesforce.com/a0P', 'https://acme.lightning.force.com/', 'https://dbc-1.cloud.databricks.com/sql'].map(isAllowedExternal)).toEqual([true, true, true, true]);
    for (const url of [...foreign, 'http://login.salesforce.com/', 'https://salesforce.com.evil.example/', 'https://evilsalesforce.com/', 'https://a:b@login.salesforce.com/', 'https://login.salesforce.com:8443/']) expect([url, isAllowedExternal(url)]).toEqual([url, false]);
    fc.assert(fc.property(fc.webUrl(), (url) => void expect(isAllowedExternal(url)).toBe(/^https:\/\/([a-z0-9-]+\.)*(salesforce|force|databricks)\.com(\/|$|\?|#)/iu.test(url) || /^https:\/\/([a-z0-9-]+\.)*azuredatabricks\.net(\/|$|\?|#)/iu.test(url))));
    electron.contents.windowOpenHandler?.({ url: 'https://acme.my.salesforce.com/a0P' });
    expect(electron.opened).toEqual(['https://acme.my.salesforce.com/a0P']);
    expect(isOwnPage('app://countersign/')).toBe(true);
  });

  it('hands a port to its own page only', () => {
    for (const senderFrame of [null, undefined, { url: 'app://countersign/' }]) electron.ipc.emit('countersign:port', { senderFrame });
    electron.contents.mainFrame.url = 'https://evil.example/';
    electron.ipc.emit('countersign:port', { senderFrame: electron.contents.mainFrame });
    expect([electron.core.posted, electron.contents.posted]).toEqual([[], []]);
    electron.contents.mainFrame.url = 'app://countersign/review';
    electron.ipc.emit('countersign:port', { senderFrame: electron.contents.mainFrame });
    expect(electron.core.posted).toMatchObject([{ message: { type: 'connect' } }]);
    expect(electron.contents.posted).toMatchObject([{ channel: 'countersign:port' }]);
    expect(electron.contents.posted[0]?.ports[0]?.other).toBe(electron.core.posted[0]?.ports[0] as PortDouble);
  });

  it('asks where to save a file when the core wants to know, and says why the core cannot start', async () => {
    electron.saveAs = '/somewhere/audit.csv';
    electron.core.emit('message', { type: 'choose-save-file', id: 3, suggestedName: 'audit.csv' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(electron.core.posted).toEqual([{ message: { type: 'save-file', id: 3, file: '/somewhere/audit.csv' }, ports: [] }]);
    electron.core.emit('message', { type: 'failed', message: 'Another program is writing.' });
    electron.core.emit('message', { type: 'nonsense' });
    expect(electron.errors).toEqual(['Another program is writing.']);
  });

  it('Row 28: keeps the machine awake while a run is at work, and no longer when the core is gone', () => {
    const atWork = (isAtWork: boolean) => electron.core.emit('message', { type: 'at-work', isAtWork });
    atWork(true);
    atWork(true);
    expect([...electron.awake.values()]).toEqual(['prevent-app-suspension']);
    atWork(false);
    atWork(false);
    expect(electron.awake.size).toBe(0);
    atWork(true);
    electron.core.emit('exit', 1);
    expect(electron.awake.size).toBe(0);
  });

  it('opens what the core asks for in the browser, over https only, and says when it could not', async () => {
    const ask = async (url: string): Promise<unknown> => {
      electron.core.posted.length = 0;
      electron.core.emit('message', { type: 'open-external', id: 1, url });
      await new Promise((resolve) => setImmediate(resolve));
      return electron.core.posted[0]?.message;
    };
    const signIn = 'https://dbc-1.cloud.databricks.com/oidc/v1/authorize?state=x';
    expect(await ask(signIn)).toEqual({ type: 'opened', id: 1, done: true });
    for (const url of [...foreign.slice(1), 'http://dbc-1.cloud.databricks.com/', 'https://a:b@dbc-1.cloud.databricks.com/']) expect([url, await ask(url)]).toEqual([url, { type: 'opened', id: 1, done: false }]);
    expect(electron.opened).toEqual([signIn]);
    electron.refusesToOpen = true;
    expect(await ask(signIn)).toEqual({ type: 'opened', id: 1, done: false });
  });

  it('keeps the secrets of the core under their own names only, and repeats none in an answer to another', async () => {
    const data = join(root, 'user-data');
    mkdirSync(data);
    const own = electronDouble(data);
    own.keystore.backend = 'basic_text';
    await startDesktop(own.api, { page: root, preload: '', coreEntry: '', workspace: '' });
    const name = '0123456789abcdef.databricks.token';
    const ask = async (message: object): Promise<unknown> => {
      own.core.posted.length = 0;
      own.core.emit('message', message);
      return vi.waitUntil(() => own.core.posted[0]?.message);
    };
    expect(await ask({ type: 'set-secret', id: 1, name, value: 'made-up' })).toEqual({ type: 'secret', id: 1, value: null, isLasting: process.platform !== 'linux' });
    expect(await ask({ type: 'get-secret', id: 2, name })).toMatchObject({ id: 2, value: 'made-up' });
    expect(await ask({ type: 'get-secret', id: 3, name: name.replace('token', 'refresh-token') })).toMatchObject({ id: 3, value: null });
    expect(await ask({ type: 'get-secret', id: 4, name: '0123456789abcdef.salesforce.refresh-token' })).toMatchObject({ id: 4, value: null });
    for (const odd of ['databricks.token', '0123456789abcdef.salesforce.token', '../0123456789abcdef.databricks.token', `${name}\n`, '__proto__', 'constructor', `${name}.x`, '']) expect([odd, toMainSchema.safeParse({ type: 'get-secret', id: 4, name: odd }).success]).toEqual([odd, false]);
    for (const value of ['', 7, 'x'.repeat(32_769)]) expect(toMainSchema.safeParse({ type: 'set-secret', id: 5, name, value }).success).toBe(false);
    expect(own.errors).toEqual([]);
  });

  it('answers also what it cannot do and what it does not understand, and says no more than that', async () => {
    const data = join(root, 'broken-data');
    mkdirSync(data);
    const own = electronDouble(data);
    await startDesktop(own.api, { page: root, preload: '', coreEntry: '', workspace: '' });
    const name = '0123456789abcdef.databricks.token';
    const ask = async (message: object): Promise<unknown> => {
      own.core.posted.length = 0;
      own.core.emit('message', message);
      return vi.waitUntil(() => own.core.posted[0]?.message);
    };
    Object.assign(own.api.dialog, { showSaveDialog: async () => Promise.reject(new Error('no window')) });
    Object.assign(own.keystore, {
      getSelectedStorageBackend: () => {
        throw new Error('made-up');
      },
      isAsyncEncryptionAvailable: () => {
        throw new Error('made-up');
      },
    });
    const questions = [
      { type: 'choose-save-file', id: 1, suggestedName: 'audit.csv' },
      { type: 'set-secret', id: 2, name, value: null },
      { type: 'set-secret', id: 3, name, value: 'x'.repeat(32_769) },
      { type: 'get-secret', id: 4, name: 'of-somebody-else' },
      { type: 'nonsense', id: 5, value: 'made-up' },
    ];
    for (const question of questions) expect(await ask(question)).toEqual({ type: 'unanswered', id: question.id });
    for (const numberless of [null, 'nonsense', { type: 'nonsense' }, { type: 'get-secret', id: '4' }, { type: 'get-secret', id: 0.5 }]) own.core.emit('message', numberless);
    expect([own.core.posted.length, own.errors]).toEqual([1, []]);
  });

  it('lets the core end before it quits', () => {
    electron.app.emit('window-all-closed');
    expect([electron.core.posted.at(-1)?.message, electron.app.quits]).toEqual([{ type: 'close' }, 0]);
    electron.core.emit('exit');
    expect(electron.app.quits).toBe(1);
  });

  it('does not start twice', async () => {
    const second = electronDouble();
    second.app.isSecondInstance = true;
    await startDesktop(second.api, { page: root, preload: '', coreEntry: '', workspace: '' });
    expect([second.app.quits, second.loaded]).toEqual([1, []]);
    electron.app.emit('second-instance');
  });
});
