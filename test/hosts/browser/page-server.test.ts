import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientPipe } from '../../../electron/core/router.ts';
import { readPageFile } from '../../../electron/hosts/browser/page-files.ts';
import { servePage, type PageServer } from '../../../electron/hosts/browser/page-server.ts';

let root: string;
let server: PageServer;
let address: URL;
let token: string;
const pipes: ClientPipe[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'countersign-page-'));
  mkdirSync(join(root, 'dist/assets'), { recursive: true });
  writeFileSync(join(root, 'secret.json'), '{"secret":true}');
  writeFileSync(join(root, 'dist/index.html'), '<!doctype html><title>Page</title>');
  writeFileSync(join(root, 'dist/assets/app.js'), 'export {};');
  server = await servePage({ folder: join(root, 'dist'), port: 0, onClient: (pipe) => pipes.push(pipe) });
  address = new URL(server.url);
  token = new URLSearchParams(address.hash.slice(1)).get('token') ?? '';
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: address.port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (data: Buffer) => (body += data.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

function open(path: string, headers: Record<string, string> = {}): Promise<number | WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${address.port}${path}`, { headers: { origin: address.origin, ...headers } });
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.once('error', () => resolve(0));
  });
}

describe('the page on loopback', () => {
  it('has an address on 127.0.0.1 with 256 random bits in the part that is never sent', () => {
    expect([address.hostname, address.search]).toEqual(['127.0.0.1', '']);
    expect(Buffer.from(token, 'base64url').length).toBe(32);
  });

  it('serves its files and itself for any place inside the app, with a strict policy', async () => {
    for (const path of ['/', '/review?filter=kind:create', '/batches']) expect((await get(path)).body).toContain('<title>Page');
    const script = await get('/assets/app.js');
    expect([script.status, script.headers['content-type'], script.headers['x-content-type-options'], script.headers['referrer-policy']]).toEqual([200, 'text/javascript; charset=utf-8', 'nosniff', 'no-referrer']);
    const policy = String(script.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/u);
    expect(policy).toContain(`connect-src ws://127.0.0.1:${address.port}`);
  });

  it('serves nothing outside its folder', async () => {
    for (const path of ['/../secret.json', '/..%2fsecret.json', '/%2e%2e/secret.json', '/..%5csecret.json', '/assets/../../secret.json', '//etc/passwd.json', '/%00.json', '/.git/config.json', '/%252e%252e/secret.json', '/absent.js', '/assets']) {
      const answer = await get(path);
      expect([path, answer.body.includes('secret'), answer.status === 404 || answer.body.includes('<title>Page')]).toEqual([path, false, true]);
    }
  });

  it('never leaves its folder whatever the path', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', 'secret.json', 'assets', '%00', '%'), { maxLength: 8 }), async (parts) => {
        const file = await readPageFile(join(root, 'dist'), `/${parts.join('')}`);
        expect(file?.body.toString() ?? '').not.toContain('secret');
      }),
    );
  });

  it('answers only to its own name and only to GET', async () => {
    expect((await get('/', { host: 'evil.example' })).status).toBe(421);
    expect((await get('/', { host: `localhost:${address.port}` })).status).toBe(421);
    expect((await get('/', {}, 'POST')).status).toBe(405);
  });

  it('opens its socket only with token, Host and Origin', async () => {
    const path = `/socket?token=${token}`;
    const opened = await open(path);
    expect(opened).toBeInstanceOf(WebSocket);
    (opened as WebSocket).terminate();
    expect(await open('/socket')).toBe(401);
    expect(await open(`/socket?token=${token.slice(0, -1)}`)).toBe(401);
    expect(await open(`/socket?token=${'A'.repeat(token.length)}`)).toBe(401);
    expect(await open(path, { origin: 'http://evil.example' })).toBe(403);
    expect(await open(path, { origin: 'null' })).toBe(403);
    expect(await open(path, { origin: `http://localhost:${address.port}` })).toBe(403);
    expect(await open(path, { host: `evil.example:${address.port}` })).toBe(403);
    expect(await open(`/elsewhere?token=${token}`)).toBe(404);
  });

  it('gives the router what the page sends, and its size', async () => {
    const socket = (await open(`/socket?token=${token}`)) as WebSocket;
    const received = Promise.withResolvers<unknown>();
    const second = Promise.withResolvers<unknown>();
    const seen: unknown[] = [];
    pipes.at(-1)?.onMessage((message, size) => {
      seen.push([message, size]);
      if (seen.length === 1) received.resolve(seen[0]);
      else second.resolve(seen[1]);
    });
    socket.send('{"type":"cancel","id":1}');
    expect(await received.promise).toEqual([{ type: 'cancel', id: 1 }, 24]);
    socket.send('{"type":');
    expect(await second.promise).toEqual([undefined, 8]);
    socket.terminate();
  });

  it('survives a client that speaks no HTTP', async () => {
    const closed = Promise.withResolvers<void>();
    const socket = connect(Number(address.port), '127.0.0.1', () => socket.write('\u0000\u0001 nonsense\r\n\r\n'));
    socket.on('close', () => closed.resolve());
    socket.on('error', () => {});
    socket.resume();
    await closed.promise;
    expect((await get('/')).status).toBe(200);
  });

  it('says that a port is taken', async () => {
    await expect(servePage({ folder: root, port: Number(address.port), onClient: () => {} })).rejects.toMatchObject({ error: { code: 'invalid-input' } });
  });
});
