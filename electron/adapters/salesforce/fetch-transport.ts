import { PassThrough } from 'node:stream';
import type { HttpRequest, HttpResponse } from '@jsforce/jsforce-node';
import { Transport } from '@jsforce/jsforce-node/lib/transport.js';
import { StreamPromise } from '@jsforce/jsforce-node/lib/util/promise.js';
import { connectionFailure, HttpFailure, statusFailure, unreadable } from './http-failure.ts';

/** What one HTTP call was, for diagnostics. The path comes without its query. */
export interface CallFacts {
  method: string;
  path: string;
  status: number | null;
  ms: number;
  write: boolean;
}

export interface TransportOptions {
  /** The only origin that calls, and so tokens, go to. */
  origin: string;
  timeoutMs: number;
  signal: AbortSignal | null;
  write: boolean;
  /** Longest answer that is read. Default 64 MiB. */
  maxAnswerBytes?: number;
  /** True: any status but success is thrown. False: jsforce reads the status itself, as its sign-in calls do. */
  throwsStatus: boolean;
  onStart?(path: string, write: boolean): void;
  onEnd?(facts: CallFacts, headers: Readonly<Record<string, string>>): void;
}

const defaultMaxAnswerBytes = 64 * 1024 * 1024;

async function readBody(response: Response, maxAnswerBytes: number): Promise<string> {
  if (response.body === null) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > maxAnswerBytes) throw unreadable('it is too long');
    parts.push(part);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw unreadable('it is not UTF-8');
  }
}

function headersOf(request: HttpRequest): Record<string, string> {
  const headers = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  // The built-in fetch counts the body itself and refuses a length given to it.
  return Object.fromEntries(headers.filter(([name]) => name !== 'content-length'));
}

/**
 * Carries jsforce's calls over the built-in fetch: one try each, with a deadline that covers the whole answer.
 *
 * Errors: rejects with `HttpFailure`. Redirects are not followed; another origin than the given one is never called.
 * Source: jsforce 3.12's own transport follows redirects with the token, hangs when an answer breaks off after its headers, and
 *         repeats some calls by itself.
 */
export class FetchTransport extends Transport {
  readonly #options: TransportOptions;
  /** Status of the last answer, which jsforce's sign-in errors do not carry. */
  lastStatus: number | null = null;

  constructor(options: TransportOptions) {
    super();
    this.#options = options;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise: this.#send(request) }));
  }

  async #send(request: HttpRequest): Promise<HttpResponse> {
    const { origin, timeoutMs, signal, write, onStart, onEnd } = this.#options;
    const url = new URL(request.url);
    if (url.origin !== origin) throw new HttpFailure({ kind: 'not-sent', code: 'FOREIGN_ADDRESS', message: 'A call to another server was refused.' });
    if (signal?.aborted) throw new HttpFailure({ kind: 'not-sent', code: 'ABORTED', message: 'The call was stopped before it was sent.' });
    const controller = new AbortController();
    let stopped: 'timeout' | 'aborted' | null = null;
    const stop = (why: 'timeout' | 'aborted'): void => {
      stopped ??= why;
      controller.abort();
    };
    const onAbort = (): void => stop('aborted');
    const timer = setTimeout(stop, timeoutMs, 'timeout');
    signal?.addEventListener('abort', onAbort, { once: true });
    const startedAt = performance.now();
    let status: number | null = null;
    let headers: Record<string, string> = {};
    onStart?.(url.pathname, write);
    try {
      const response = await fetch(url, {
        method: request.method,
        headers: headersOf(request),
        body: typeof request.body === 'string' ? request.body : null,
        redirect: 'manual',
        signal: controller.signal,
      });
      status = response.status;
      this.lastStatus = status;
      headers = Object.fromEntries(response.headers);
      if (status >= 300 && status < 400) {
        await response.body?.cancel();
        throw new HttpFailure({ kind: 'redirect', code: 'REDIRECT', message: 'The server sent us to another address, which is not followed.', status });
      }
      const body = await readBody(response, this.#options.maxAnswerBytes ?? defaultMaxAnswerBytes);
      if (this.#options.throwsStatus && !response.ok) throw statusFailure({ status, headers, body }, this.#secretsOf(request));
      return { statusCode: status, headers, body };
    } catch (error) {
      if (error instanceof HttpFailure) throw error;
      if (stopped === 'timeout') throw new HttpFailure({ kind: 'timeout', code: 'TIMEOUT', message: `No answer came within ${Math.round(timeoutMs / 1000)} seconds.` });
      if (stopped === 'aborted') throw new HttpFailure({ kind: 'aborted', code: 'ABORTED', message: 'The call was stopped before the answer had arrived.' });
      throw connectionFailure(error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      onEnd?.({ method: request.method, path: url.pathname, status, ms: performance.now() - startedAt, write }, headers);
    }
  }

  #secretsOf(request: HttpRequest): string[] {
    const token = request.headers?.['Authorization']?.replace(/^Bearer /u, '');
    return token === undefined || token === '' ? [] : [token];
  }
}
