import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppFailure } from '../../core/app-failure.ts';
import { maxMessageBytes, type ClientPipe } from '../../core/router.ts';
import { readPageFile } from './page-files.ts';
import { pageHeaders } from './page-policy.ts';

export interface PageServer {
  /** The address with its token, in the part that browsers never send. */
  url: string;
  close(): Promise<void>;
}

const tokenBytes = 32;
const socketPath = '/socket';

/**
 * Serves the built page and its socket on 127.0.0.1.
 *
 * Shape:  port 0 takes any free one. `onClient` gets a pipe per connected page. Files are public to this machine; the
 *         socket wants the token of the address, our own Host and our own Origin, so that no other page can use it.
 * Errors: `invalid-input` when the port is taken.
 */
export async function servePage(options: { folder: string; port: number; onClient(pipe: ClientPipe): void }): Promise<PageServer> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
  let host = '';
  const server = createServer((request, response) => void answer(options.folder, host, request, response));
  server.on('upgrade', (request, socket, head) => {
    const status = refusedUpgrade(request, host, token);
    if (status !== null) {
      refuse(socket, status);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => options.onClient(pipeOf(client)));
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new AppFailure('invalid-input', `The port ${options.port} cannot be used (${error.code}). Choose another one.`, { port: options.port })));
    server.listen(options.port, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/#token=${token}`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(folder: string, host: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, type: string, body: Buffer | string): void => {
    response.writeHead(status, { ...pageHeaders([`ws://${host}`]), 'content-type': type }).end(request.method === 'HEAD' ? undefined : body);
  };
  const text = 'text/plain; charset=utf-8';
  if (request.headers.host !== host) send(421, text, 'This address is not served here.');
  else if (request.method !== 'GET' && request.method !== 'HEAD') send(405, text, 'Only GET.');
  else {
    const file = await readPageFile(folder, (request.url ?? '/').split(/[?#]/u)[0] ?? '/');
    if (file) send(200, file.type, file.body);
    else send(404, text, 'There is no such file.');
  }
}

function refusedUpgrade(request: IncomingMessage, host: string, token: string): 401 | 403 | 404 | null {
  const url = new URL(request.url ?? '/', 'http://page');
  if (request.headers.host !== host || request.headers.origin !== `http://${host}`) return 403;
  if (url.pathname !== socketPath) return 404;
  return isToken(url.searchParams.get('token') ?? '', token) ? null : 401;
}

function isToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function pipeOf(client: WebSocket): ClientPipe {
  return {
    send: (message) => client.send(JSON.stringify(message)),
    onMessage(listener) {
      client.on('message', (data, isBinary) => {
        const bytes = data as Buffer;
        listener(isBinary ? null : parseJson(bytes.toString('utf8')), bytes.length);
      });
    },
    onClose(listener) {
      client.on('close', listener);
      client.on('error', listener);
    },
    close: () => client.close(1008),
  };
}

/** Undefined for what is no JSON; the router ends such a connection. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
