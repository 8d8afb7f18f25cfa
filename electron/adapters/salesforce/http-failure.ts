import * as z from 'zod';

/** How an HTTP call ended without an answer we can use. */
export type HttpFailureKind = 'not-sent' | 'lost' | 'timeout' | 'aborted' | 'redirect' | 'status' | 'unreadable';

/** A call that gave no usable answer. The message holds no token. */
export class HttpFailure extends Error {
  readonly kind: HttpFailureKind;
  /** Salesforce's error code where it gave one, else our own name for what happened. */
  readonly code: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** The session that was used is no longer valid. */
  readonly isExpired: boolean;

  constructor(facts: { kind: HttpFailureKind; code: string; message: string; status?: number; retryAfterMs?: number | null; isExpired?: boolean }) {
    super(facts.message);
    this.name = 'HttpFailure';
    this.kind = facts.kind;
    this.code = facts.code;
    this.status = facts.status ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.isExpired = facts.isExpired ?? false;
  }
}

/** The failure of a call that was answered with something that is not what Salesforce answers. */
export function unreadable(what: string): HttpFailure {
  return new HttpFailure({ kind: 'unreadable', code: 'UNREADABLE_ANSWER', message: `The answer cannot be read: ${what}.` });
}

const maxMessageLength = 500;
const errorBody = z.array(z.looseObject({ errorCode: z.string(), message: z.string() })).min(1);
const noSecrets: readonly string[] = [];

function readErrors(body: string): { code: string; message: string } | null {
  try {
    const [first] = errorBody.parse(JSON.parse(body));
    return first ? { code: first.errorCode, message: first.message } : null;
  } catch {
    // An edge page or an empty body says nothing but its status.
    return null;
  }
}

/** Seconds or an HTTP date, as milliseconds from now. */
function readRetryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  if (/^\d+$/u.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/**
 * The failure that an HTTP status other than success means.
 *
 * Source: error codes and status codes, Salesforce REST API Developer Guide, "Status Codes and Error Responses". The
 *         identity addresses answer an expired token with 403 `Bad_OAuth_Token`.
 */
export function statusFailure(answer: { status: number; headers: Readonly<Record<string, string>>; body: string }, secrets = noSecrets): HttpFailure {
  const { status, headers, body } = answer;
  const said = readErrors(body);
  const isBadToken = status === 403 && body.includes('Bad_OAuth_Token');
  let message = said?.message ?? `HTTP status ${status}`;
  for (const secret of secrets) message = message.replaceAll(secret, '[redacted]');
  return new HttpFailure({
    kind: 'status',
    code: said?.code ?? (isBadToken ? 'INVALID_SESSION_ID' : `HTTP_${status}`),
    message: message.slice(0, maxMessageLength),
    status,
    retryAfterMs: readRetryAfter(headers['retry-after']),
    isExpired: status === 401 || isBadToken,
  });
}

/** Failures that TLS reports before anything of the call has left. */
const beforeSending = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_\w+|UNABLE_TO_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+)$/u;

const stringIn = (value: unknown, name: string): string => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' ? found : '';
};

/** The failure of a call whose connection broke; `not-sent` only where nothing can have arrived. */
export function connectionFailure(error: unknown): HttpFailure {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const code = stringIn(cause, 'code');
  const syscall = stringIn(cause, 'syscall');
  const isNotSent = beforeSending.test(code) || syscall === 'connect' || syscall === 'getaddrinfo';
  return isNotSent
    ? new HttpFailure({ kind: 'not-sent', code: code || 'NO_CONNECTION', message: 'No connection could be made.' })
    : new HttpFailure({ kind: 'lost', code: code || 'CONNECTION_LOST', message: 'The connection was lost before the whole answer had arrived.' });
}
