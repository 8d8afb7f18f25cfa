import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@jsforce/jsforce-node';
import { AppFailure, throwIfCancelled } from '../../core/app-failure.ts';
import { OrgCallError, type Org } from '../../core/org-ports.ts';
import { FetchTransport, type CallFacts, type TransportOptions } from './fetch-transport.ts';
import { HttpFailure, unreadable } from './http-failure.ts';
import type { OrgConnection } from './org-connection.ts';
import { openSessions, type Session } from './session.ts';
import { signIn } from './sign-in.ts';
import { isWorthRepeating, notSignedIn, toAppFailure, toCallError } from './translate-failure.ts';

export interface JsforceOrgOptions {
  connection: OrgConnection;
  /** For example `64.0`. */
  apiVersion: string;
  /** Deadline of each HTTP call, from its start to the last byte of the answer. Default 120,000 ms. */
  timeoutMs?: number;
  /** Stores a refresh token that Salesforce rotated; the new sign-in is used only after it has resolved. */
  saveRefreshToken?(token: string): Promise<void>;
  /** Told of every HTTP call once it has ended, also of sign-ins. */
  onCall?(facts: CallFacts): void;
  /** Waits between repeated reads. Default: real time. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

export interface OrgRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  /** Below the API version's address, or from `/services/` on, or a whole address at the instance. */
  path: string;
  /** A value, sent as JSON, or a text of its own type. */
  body?: unknown;
  bodyType?: 'application/json' | 'text/csv; charset=UTF-8';
  /** `text`: the answer is passed on as it stands, whatever it says it is, and may be long. */
  answer?: 'json' | 'text';
  /** Added to the deadline of a call that carries much. */
  extraMs?: number;
  headers?: Readonly<Record<string, string>>;
}

/** The calls to one org: signed in, counted, with failures in the app's own words. */
export interface OrgCalls {
  /** A call without effect, repeated a few times where that helps. `read` takes the answer apart. Throws `AppFailure`. */
  read<T>(request: OrgRequest, signal: AbortSignal, read: (answer: unknown) => T): Promise<T>;
  /** A call with effect, sent once; again only after Salesforce has refused it for an expired session. Throws `OrgCallError`, or `AppFailure` when it was never sent. */
  write<T>(request: OrgRequest, signal: AbortSignal, read: (answer: unknown) => T): Promise<T>;
  /** Origin of the instance. */
  instanceUrl(signal: AbortSignal): Promise<string>;
  now: Org['now'];
  usage: Org['usage'];
  close(): void;
}

const maxRepeats = 4;
const firstWaitMs = 500;
const longestWaitMs = 60_000;
/** Results of a bulk job hold what was uploaded, and a little more. */
const maxTextBytes = 256 * 1024 * 1024;
const callOptions = { client: 'Countersign' };

/** Opens the calls to one org. Nothing is sent before the first call. */
export function openOrgCalls(options: JsforceOrgOptions): OrgCalls {
  const { apiVersion, timeoutMs = 120_000, sleep = (ms, signal) => delay(ms, undefined, { signal }) } = options;
  if (!/^\d{2}\.0$/u.test(apiVersion)) throw new AppFailure('invalid-input', 'The API version must look like 64.0. Correct it and try again.');
  const closing = new AbortController();
  const meter: ReturnType<Org['usage']> = { calls: 0, writeCalls: 0, dailyUsed: null, dailyLimit: null };

  let serverClock: { told: number; at: number } | null = null;

  const watch: Pick<TransportOptions, 'timeoutMs' | 'onStart' | 'onEnd'> = {
    timeoutMs,
    onStart: (path, write) => {
      if (!path.startsWith('/services/data/')) return;
      meter.calls += 1;
      if (write) meter.writeCalls += 1;
    },
    onEnd: (facts, headers) => {
      const told = Date.parse(headers['date'] ?? '');
      if (!Number.isNaN(told)) serverClock = { told, at: performance.now() };
      const [, used, limit] = /(?:^|[ ,;])api-usage=(\d+)\/(\d+)/u.exec(headers['sforce-limit-info'] ?? '') ?? [];
      if (used !== undefined && limit !== undefined) Object.assign(meter, { dailyUsed: Number(used), dailyLimit: Number(limit) });
      options.onCall?.(facts);
    },
  };

  const sessions = openSessions(options.connection, {
    signInBy: (way, connection) => signIn(way, connection, { apiVersion, transport: { ...watch, signal: closing.signal } }),
    saveRefreshToken: options.saveRefreshToken?.bind(options),
  });

  const sendBy = (session: Session, request: OrgRequest, write: boolean, signal: AbortSignal): Promise<unknown> => {
    const connection = new Connection({ instanceUrl: session.instanceUrl, accessToken: session.accessToken, version: apiVersion, callOptions });
    const { method, path, body, bodyType = 'application/json', answer = 'json', extraMs = 0, headers } = request;
    const more = answer === 'text' ? { maxAnswerBytes: maxTextBytes } : {};
    connection._transport = new FetchTransport({ ...watch, ...more, timeoutMs: timeoutMs + extraMs, origin: session.instanceUrl, signal, write, throwsStatus: true });
    const text = bodyType === 'application/json' ? JSON.stringify(body) : String(body);
    const sent = body === undefined ? { headers: { ...headers } } : { headers: { ...headers, 'content-type': bodyType }, body: text };
    // jsforce's own reading of CSV takes several characters as separators at once, and gives up quietly.
    return connection.request({ method, url: path, ...sent }, answer === 'text' ? { responseType: 'text/plain' } : {});
  };

  const send = async <T>(request: OrgRequest, write: boolean, signal: AbortSignal, read: (answer: unknown) => T): Promise<T> => {
    const session = await sessions.current(signal);
    try {
      return read(await sendBy(session, request, write, signal));
    } catch (error) {
      if (!(error instanceof HttpFailure) || !error.isExpired) throw error;
    }
    const renewed = await sessions.renew(session, signal);
    try {
      return read(await sendBy(renewed, request, write, signal));
    } catch (error) {
      if (!(error instanceof HttpFailure) || !error.isExpired) throw error;
      throw notSignedIn('Salesforce refuses even a fresh sign-in. Check that this user may use the API, then sign in again.', error.code);
    }
  };

  const untilClosed = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing.signal]);

  return {
    read: async (request, givenSignal, read) => {
      const signal = untilClosed(givenSignal);
      for (let repeats = 0; ; repeats += 1) {
        try {
          return await send(request, false, signal, read);
        } catch (error) {
          const wait = error instanceof HttpFailure && isWorthRepeating(error) ? (error.retryAfterMs ?? firstWaitMs * 2 ** repeats * (0.5 + Math.random())) : Infinity;
          if (repeats >= maxRepeats || wait > longestWaitMs) {
            throw error instanceof AppFailure || error instanceof HttpFailure ? toAppFailure(error) : toAppFailure(unreadable('it is not in the expected form'));
          }
          await sleep(wait, signal).catch((reason: unknown) => {
            throwIfCancelled(signal, 'Reading from Salesforce');
            throw reason;
          });
        }
      }
    },
    write: async (request, givenSignal, read) => {
      try {
        return await send(request, true, untilClosed(givenSignal), read);
      } catch (error) {
        if (!(error instanceof AppFailure)) throw toCallError(error);
        const { code, message } = error.error;
        if (code !== 'org-unavailable' && code !== 'rate-limited') throw error;
        // Signing in failed, so the call itself was not processed.
        throw new OrgCallError({ effect: 'not-processed', code: 'SIGN_IN_UNAVAILABLE', message, retryable: true });
      }
    },
    instanceUrl: async (signal) => (await sessions.current(signal)).instanceUrl,
    now: () => (serverClock === null ? null : new Date(serverClock.told + performance.now() - serverClock.at).toISOString()),
    usage: () => ({ ...meter }),
    close: () => closing.abort(),
  };
}
