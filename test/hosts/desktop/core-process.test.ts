import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import { askMain } from '../../../electron/hosts/desktop/ask-main.ts';
import type { ToMain } from '../../../electron/hosts/desktop/core-messages.ts';
import { exposeBridge } from '../../../electron/hosts/desktop/expose-bridge.ts';
import { runCoreProcess } from '../../../electron/hosts/desktop/core-process.ts';
import { initWorkspace } from '../../../electron/hosts/workspace/init-workspace.ts';
import { createClient, type Transport } from '../../../shared/transport.ts';
import { csvSource, type CsvSource } from '../csv-source.ts';
import { PortDouble } from './electron-double.ts';

class ParentDouble extends EventEmitter {
  told: unknown[] = [];
  postMessage(message: unknown): void {
    this.told.push(message);
    this.emit('told', message);
  }
}

let source: CsvSource;
beforeAll(async () => {
  source = csvSource();
  await initWorkspace({ folder: join(source.root, 'workspace'), from: 'config', configFile: source.config });
});
afterAll(() => source.remove());

function joinedPorts(): [PortDouble, PortDouble] {
  const [one, other] = [new PortDouble(), new PortDouble()];
  [one.other, other.other] = [other, one];
  return [one, other];
}

function transportOf(port: PortDouble): Transport {
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origin
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', (event: { data: unknown }) => listener(event.data)),
    onClose: (listener) => void port.on('close', listener),
  };
}

describe('the core process of the desktop app', () => {
  it('serves a page through its port, asks the desktop for a file, and ends when told', async () => {
    const parent = new ParentDouble();
    const exited = Promise.withResolvers<number>();
    await runCoreProcess({ folder: join(source.root, 'workspace'), parent, env: {}, exit: exited.resolve });
    const [pagePort, corePort] = joinedPorts();
    parent.emit('message', { data: { type: 'connect' }, ports: [corePort] });
    await new Promise((resolve) => setImmediate(resolve));
    const client = createClient(transportOf(pagePort));
    expect(await client.call('app.info', {})).toMatchObject({ host: 'desktop', identity: 'admin' });
    await client.call('identity.switch', { name: 'ann' });
    expect((await client.call('app.info', {})).identity).toBe('ann');

    parent.once('told', (message: { id: number }) => parent.emit('message', { data: { type: 'save-file', id: message.id, file: join(source.root, 'audit.jsonl') }, ports: [] }));
    expect(await client.call('audit.export', { format: 'jsonl' })).toMatchObject({ file: join(source.root, 'audit.jsonl') });
    parent.once('told', (message: { id: number }) => parent.emit('message', { data: { type: 'save-file', id: message.id, file: null }, ports: [] }));
    await expect(client.call('audit.export', { format: 'csv' })).rejects.toMatchObject({ error: { code: 'cancelled' } });
    for (const odd of [{ type: 'save-file', file: 7 }, { type: 'unanswered' }]) {
      parent.once('told', (message: { id: number }) => parent.emit('message', { data: { ...odd, id: message.id }, ports: [] }));
      await expect(client.call('audit.export', { format: 'csv' })).rejects.toMatchObject({ error: { code: 'not-available-here', message: expect.stringContaining('Nothing was saved') } });
    }

    const token = 'made-up-secret';
    const refusals = await Promise.all([token, token.repeat(1_000)].map((value) => client.call('warehouse.storeToken', { token: value }).catch((reason: unknown) => JSON.stringify(reason))));
    const { calls } = await client.call('app.diagnostics', {});
    expect([JSON.stringify([refusals, calls, parent.told]).includes(token), calls.filter((call) => call.name === 'warehouse.storeToken').map((call) => call.outcome).sort()]).toEqual([false, ['invalid-input', 'not-available-here']]);

    parent.emit('message', { data: { type: 'nonsense' }, ports: [] });
    parent.emit('message', { data: { type: 'close' }, ports: [] });
    expect(await exited.promise).toBe(0);
  });

  it('says in one sentence why a workspace cannot be opened, and ends', async () => {
    const parent = new ParentDouble();
    const exited = Promise.withResolvers<number>();
    await runCoreProcess({ folder: source.root, parent, env: {}, exit: exited.resolve });
    expect(await exited.promise).toBe(1);
    expect(parent.told).toMatchObject([{ type: 'failed', message: expect.stringContaining('not a workspace') }]);
  });
});

describe('what the core asks of the main process', () => {
  it('matches each answer with its question, and knows from the answers whether secrets last', async () => {
    const asked: ToMain[] = [];
    const main = askMain((message) => asked.push(message));
    const answers = Promise.all([main.secrets.get('a'), main.desktop.openExternal('https://a.example/'), main.secrets.set('b', 'made-up'), main.desktop.chooseSaveFile('x.csv')]);
    expect(asked.map(({ type }) => type)).toEqual(['get-secret', 'open-external', 'set-secret', 'choose-save-file']);
    expect(main.secrets.isLasting).toBe(false);
    const ids = asked.map((message) => ('id' in message ? message.id : 0));
    main.settle({ type: 'save-file', id: ids[3] ?? 0, file: '/x.csv' });
    main.settle({ type: 'secret', id: ids[2] ?? 0, value: null, isLasting: true });
    main.settle({ type: 'opened', id: ids[1] ?? 0, done: true });
    main.settle({ type: 'secret', id: ids[0] ?? 0, value: 'kept', isLasting: true });
    main.settle({ type: 'opened', id: 99, done: true });
    expect([await answers, main.secrets.isLasting]).toEqual([['kept', true, undefined, '/x.csv'], true]);
  });

  it('tells what could not be done when the main process could not do it, or answers another question', async () => {
    const asked: ToMain[] = [];
    const main = askMain((message) => asked.push(message));
    const { secrets, desktop } = main;
    const told = Promise.allSettled([secrets.set('x.databricks.token', null), secrets.set('x.databricks.refresh-token', null), secrets.set('x.databricks.token', 'made-up'), secrets.get('x.databricks.token'), secrets.set('x.salesforce.refresh-token', 'made-up'), desktop.chooseSaveFile('x.csv'), desktop.openExternal('https://a.example/')]);
    asked.forEach((message, at) => 'id' in message && main.settle(at === 0 ? { type: 'opened', id: message.id, done: true } : { type: 'unanswered', id: message.id }));
    const failures = (await told).map((result) => (result.status === 'rejected' && result.reason instanceof AppFailure ? result.reason.error : null));
    expect(failures.map((failure) => `${failure?.code}: ${failure?.message}`)).toEqual([
      "not-available-here: The token for Databricks could not be forgotten. It is still stored on this machine and will be used again. Make sure that you may write secrets.json in Countersign's own data folder, or delete that file, then try again.",
      "not-available-here: The sign-in to Databricks could not be forgotten. It is still stored on this machine and will be used again. Make sure that you may write secrets.json in Countersign's own data folder, or delete that file, then try again.",
      "not-available-here: The token for Databricks could not be stored. What was stored before stays as it was. Make sure that you may write secrets.json in Countersign's own data folder, then try again.",
      'not-available-here: The token for Databricks could not be read from where this machine keeps it. It stays as it is. Try again; if that does not help, start Countersign anew.',
      "not-available-here: The sign-in to Salesforce could not be stored. What was stored before stays as it was. Make sure that you may write secrets.json in Countersign's own data folder, then try again.",
      'not-available-here: The window in which a place for the file is chosen could not be opened. Nothing was saved. Try again.',
      'not-available-here: The page could not be opened in your browser. Nothing was changed. Try again.',
    ]);
    expect(JSON.stringify(failures)).not.toContain('made-up');
  });
});

describe('the preload script', () => {
  it('gives the page one function and passes data only', async () => {
    const exposed: Record<string, { connect(): Promise<{ postMessage(message: unknown): void; addEventListener(type: string, listener: (event: unknown) => void): void; start(): void }> }> = {};
    const ipc = new EventEmitter();
    const [port, far] = joinedPorts();
    const pagePort = Object.assign(port, { addEventListener: (type: string, listener: (event: unknown) => void) => port.on(type, listener) });
    const renderer = { once: ipc.once.bind(ipc), send: (channel: string) => ipc.emit(channel, { ports: [pagePort], sender: 'secret' }) };
    exposeBridge({ exposeInMainWorld: (name: string, value: never) => (exposed[name] = value) } as never, renderer as never);
    expect([Object.keys(exposed), Object.keys(exposed['countersign'] ?? {})]).toEqual([['countersign'], ['connect']]);
    const given = await exposed['countersign']?.connect();
    expect(Object.keys(given ?? {}).sort()).toEqual(['addEventListener', 'close', 'postMessage', 'start']);
    const received = Promise.withResolvers<unknown>();
    given?.addEventListener('message', received.resolve);
    given?.start();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origin
    far.postMessage({ type: 'event' });
    expect(await received.promise).toEqual({ data: { type: 'event' } });
  });
});
