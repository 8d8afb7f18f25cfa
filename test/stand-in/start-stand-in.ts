import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TBinaryProtocol, TBufferedTransport } from 'thrift';
import type { StandInEngine } from './engine.ts';
import { FaultPlan, type StandInFault } from './faults.ts';
import { answerOidc, OidcState } from './oidc.ts';
import { ThriftCalls, type CallSettings } from './thrift-calls.ts';
import { processorOf } from './thrift.ts';

const certificates = join(import.meta.dirname, 'certificate');

/** The certificate authority that a client of the stand-in must trust. */
export const authorityFile = join(certificates, 'authority.pem');
export const httpPath = '/sql/1.0/warehouses/0123456789abcdef';

export interface StandIn {
  host: string;
  /** `host:port`, as a config names it. */
  address: string;
  engine: StandInEngine;
  calls: ThriftCalls;
  faults: FaultPlan;
  oidc: OidcState;
  /** Name and bearer token of each call, in order. */
  seen: { call: string; token: string; userAgent: string }[];
  close(): Promise<void>;
}

/**
 * A SQL warehouse on this machine: HTTPS with the driver's own Thrift protocol, answered from SQLite.
 *
 * Shape:  `engine`: what answers the statements; `tokens` that it accepts besides those of its own sign-in.
 */
export async function startStandIn(options: { engine: StandInEngine; tokens?: string[] } & Partial<CallSettings>): Promise<StandIn> {
  const { engine } = options;
  const calls = new ThriftCalls(engine, { format: options.format ?? 'columns', directResults: options.directResults ?? true });
  const faults = new FaultPlan();
  const oidc = new OidcState(options.tokens ?? ['test-token']);
  const seen: StandIn['seen'] = [];
  const server = createServer({ key: readFileSync(join(certificates, 'server.key')), cert: readFileSync(join(certificates, 'server.pem')) });
  server.on('request', (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const path = new URL(request.url ?? '/', 'https://localhost').pathname;
    if (path.startsWith('/oidc/')) return answerOidc(oidc, request, response, body.toString('utf8'));
    if (path !== httpPath) return void response.writeHead(404).end();
    const call = callOf(body);
    const token = (request.headers.authorization ?? '').replace(/^Bearer /u, '');
    seen.push({ call, token, userAgent: request.headers['user-agent'] ?? '' });
    if (!oidc.accepts(token)) return void response.writeHead(401).end();
    await answerCall(body, response, faults.take(call, statementOf(body)));
  }

  async function answerCall(body: Buffer, response: ServerResponse, fault: StandInFault | null): Promise<void> {
    const sendError = (status: number, seconds?: number): void => void response.writeHead(status, seconds === undefined ? {} : { 'retry-after': String(seconds) }).end();
    if (fault?.kind === 'expire-sessions') calls.sessions.clear();
    if (fault?.kind === 'expire-operations') calls.operations.clear();
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'http' && fault.effect !== 'after') return sendError(fault.status, fault.retryAfterSeconds);
    if (fault?.kind === 'drop' && fault.effect === 'before') return void response.destroy();
    if (fault?.kind === 'late') {
      response.destroy();
      await wait(fault.ms);
      process(body, null, () => {});
      return;
    }
    process(body, fault, (bytes) => {
      if (fault?.kind === 'http') sendError(fault.status, fault.retryAfterSeconds);
      else if (fault?.kind === 'drop') response.destroy();
      else response.writeHead(200, { 'content-type': 'application/x-thrift' }).end(fault?.kind === 'half' ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes);
    });
  }

  function process(body: Buffer, fault: StandInFault | null, send: (bytes: Buffer) => void): void {
    TBufferedTransport.receiver((transport) => {
      const output = new TBufferedTransport(undefined, (bytes) => send(bytes ?? Buffer.alloc(0)));
      processorOf(calls.handler(fault)).process(new TBinaryProtocol(transport), new TBinaryProtocol(output));
    }, 0)(body);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: 'localhost',
    address: `localhost:${port}`,
    engine,
    calls,
    faults,
    oidc,
    seen,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      for (const operation of calls.operations.values()) operation.close();
      engine.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A strict binary message begins with version and kind, then the length of the call's name. */
function callOf(body: Buffer): string {
  return body.subarray(8, 8 + body.readInt32BE(4)).toString('utf8');
}

function statementOf(body: Buffer): string {
  return body.toString('latin1');
}
