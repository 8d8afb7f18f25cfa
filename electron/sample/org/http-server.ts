import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ApiCall, Reply } from './api-call.ts';
import { asyncRefusal } from './bulk/async-query.ts';
import { answerControl } from './control.ts';
import { afterEffect, insteadOf, unauthorized } from './fault-answers.ts';
import { accessTokenOf, answerOauth } from './oauth/oauth-routes.ts';
import { answerSoapLogin } from './oauth/soap-login.ts';
import { OrgRefusal } from './org-refusal.ts';
import { versionList } from './routes/discovery.ts';
import { answerApi, replyOfError } from './routes/router.ts';
import type { OrgRuntime } from './runtime.ts';

const addressLimitBytes = 16_384;
const bodyLimitBytes = 160 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bodyLimitBytes) throw new OrgRefusal(413, 'REQUEST_TOO_LARGE', 'The request body is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, reply: Reply, cut: 'whole' | 'mid-body' | 'truncated' = 'whole'): void {
  const text = reply.json === undefined ? (reply.text ?? '') : JSON.stringify(reply.json);
  const body = Buffer.from(text, 'utf8');
  const type = reply.type ?? (reply.json === undefined && reply.text === undefined ? undefined : 'application/json;charset=UTF-8');
  const half = body.subarray(0, Math.floor(body.length / 2));
  const sent = cut === 'truncated' ? half : body;
  const withoutBody = reply.status === 204 || reply.status === 304;
  response.writeHead(reply.status, {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(withoutBody ? {} : { 'content-length': String(sent.length) }),
    ...reply.headers,
  });
  if (cut === 'mid-body') response.write(half, () => response.socket?.destroy());
  else response.end(withoutBody ? undefined : sent);
}

function answerSignedIn(runtime: OrgRuntime, call: ApiCall, limitHeader: () => Record<string, string>, countCall: () => boolean): Reply {
  const user = runtime.tokens.userOf(accessTokenOf(call) ?? '');
  if (!user) return unauthorized;
  const withinLimit = countCall();
  const reply = withinLimit
    ? answerApi(runtime, call, user, runtime.faults.forRecords([call]))
    : { status: 403, json: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }] };
  return { ...reply, headers: { ...limitHeader(), ...reply.headers } };
}

/** Bulk API 1.0 takes its session in a header of its own and answers refusals in XML. */
function answerAsync(runtime: OrgRuntime, call: ApiCall, countCall: () => boolean): Reply {
  const user = runtime.tokens.userOf(call.header('x-sfdc-session') ?? '');
  if (!user) return asyncRefusal(400, 'InvalidSessionId', 'Invalid session id');
  if (!countCall()) return asyncRefusal(503, 'ExceededQuota', 'TotalRequests Limit exceeded.');
  return runtime.jobs.answerAsync(call, user);
}

function answerCall(runtime: OrgRuntime, call: ApiCall, origin: string, counting: CallCounting): Reply {
  try {
    if (/^\/services\/data\/?$/.test(call.path)) return versionList;
    if (call.path.startsWith('/services/data/')) return answerSignedIn(runtime, call, counting.header, counting.count);
    if (call.path.startsWith('/services/async/')) return answerAsync(runtime, call, counting.count);
    if (call.path.startsWith('/services/Soap/')) return answerSoapLogin(runtime, call, origin);
    return answerOauth(runtime, call, origin);
  } catch (error) {
    return replyOfError(error);
  }
}

interface CallCounting {
  header: () => Record<string, string>;
  /** Counts an API call; false when the limit was reached before. */
  count: () => boolean;
}

export interface OrgServerOptions {
  runtime: OrgRuntime;
  counting: CallCounting;
  /** Called at each request, so that an idle server can be noticed. */
  onActivity: () => void;
}

function refusedAddress(request: IncomingMessage, port: number): Reply | undefined {
  const host = request.headers.host ?? '';
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return { status: 421, json: [{ errorCode: 'MISDIRECTED_REQUEST', message: 'This server answers only on its loopback address' }] };
  }
  const address = Buffer.byteLength(request.url ?? '');
  if (address > addressLimitBytes) {
    return { status: 414, json: [{ errorCode: 'URI_TOO_LONG', message: 'The URI exceeds 16,384 bytes' }] };
  }
  const headers = request.rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 0);
  if (address + headers > addressLimitBytes) {
    return { status: 431, json: [{ errorCode: 'REQUEST_HEADER_FIELDS_TOO_LARGE', message: 'URI and headers exceed 16,384 bytes' }] };
  }
  return undefined;
}

/** Makes the HTTP server of a simulated org; it does not listen yet. */
export function createOrgServer(options: OrgServerOptions): Server {
  const { runtime, counting } = options;
  const started = runtime.store.clock().toString(36);
  let received = 0;

  const waiting = new Set<NodeJS.Timeout>();
  const later = (work: () => void, ms: number): void => {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      work();
    }, ms);
    waiting.add(timer);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    options.onActivity();
    const port = request.socket.localPort ?? 0;
    const refused = refusedAddress(request, port);
    if (refused) {
      request.resume();
      send(response, refused);
      return;
    }
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    received += 1;
    const override = url.searchParams.get('_HttpMethod');
    const call: ApiCall = {
      id: `${started}-${received}`,
      method: request.method === 'POST' && override !== null ? override.toUpperCase() : (request.method ?? 'GET'),
      path: url.pathname,
      query: url.searchParams,
      body: await readBody(request),
      header: (name) => {
        const value = request.headers[name];
        return Array.isArray(value) ? value.join(', ') : value;
      },
    };
    runtime.store.runDueWorkflow();
    if (call.path.startsWith('/_control/')) {
      send(response, answerControl(runtime, call));
      return;
    }
    await answerWithFaults(call, url.origin, response);
  };

  const answerWithFaults = async (call: ApiCall, origin: string, response: ServerResponse): Promise<void> => {
    const began = performance.now();
    const note = (status: number): void => runtime.calls.add(call, status, performance.now() - began, runtime.store.clock());
    const { actions } = runtime.faults.forCall(call);
    const delay = actions.reduce((sum, action) => sum + (action.delayMs ?? 0), 0);
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    const dropped = actions.find((action) => action.drop === 'before-effect');
    if (dropped) {
      response.socket?.destroy();
      if (dropped.effectAfterMs === undefined) note(0);
      else later(() => note(answerCall(runtime, call, origin, counting).status), dropped.effectAfterMs);
      return;
    }
    const reply = insteadOf(actions) ?? answerCall(runtime, call, origin, counting);
    const drop = actions.find((action) => action.drop)?.drop;
    if (drop === 'after-effect') {
      note(0);
      response.socket?.destroy();
      return;
    }
    const final = afterEffect(actions) ?? reply;
    note(final.status);
    const truncated = actions.some((action) => action.truncateJson);
    send(response, final, drop === 'mid-body' ? 'mid-body' : truncated ? 'truncated' : 'whole');
  };

  const server = createServer({ maxHeaderSize: 128 * 1024, keepAliveTimeout: 30_000 }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, replyOfError(error));
    });
  });
  // What had not taken effect when the org stopped never does.
  server.once('close', () => waiting.forEach((timer) => clearTimeout(timer)));
  return server;
}
