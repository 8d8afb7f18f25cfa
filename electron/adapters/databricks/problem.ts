import { AppFailure } from '../../core/app-failure.ts';
import type { AppError, ErrorCode } from '../../../shared/errors.ts';

export type ProblemKind =
  | 'cancelled'
  | 'not-signed-in'
  | 'permission'
  /** HTTP 403: a token that has expired, or a missing permission; the warehouse answers alike. */
  | 'forbidden'
  | 'busy'
  | 'starting'
  | 'session-lost'
  | 'conflict'
  | 'network'
  | 'certificate'
  | 'address'
  | 'missing'
  | 'statement'
  | 'timeout'
  | 'unreadable'
  | 'changed'
  | 'unexpected';

/** What went wrong with a statement, in the terms that decide what is done about it. */
export interface Problem {
  kind: ProblemKind;
  /** The warehouse's or the network's own words. */
  verbatim: string;
  /** True when the statement may have taken effect all the same. */
  mayHaveHappened: boolean;
  /** How long the warehouse asks us to wait; null when it does not say. */
  retryAfterMs: number | null;
}

/** Where the work was when it failed: nothing was sent yet, the statement was on its way, or the warehouse had taken it on. */
export type Phase = 'opening' | 'executing' | 'running';

const networkCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED']);
const certificateCodes = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_|ERR_TLS_CERT|DEPTH_ZERO/u;

/** A problem that this adapter finds itself. */
export class SqlProblem extends Error {
  readonly problem: Problem;

  constructor(kind: ProblemKind, verbatim: string, mayHaveHappened = false) {
    super(verbatim);
    this.name = 'SqlProblem';
    this.problem = { kind, verbatim, mayHaveHappened, retryAfterMs: null };
  }
}

/**
 * Says what an error of the driver means.
 *
 * Shape:  a statement that was refused has no effect, nor has one that failed while it ran; a connection that is lost, or a
 *         gateway that fails, once the statement was sent may have had. What a later call says of a statement that was
 *         taken on tells nothing of its effect.
 * Errors: never throws; what is not known is `unexpected`.
 * Source: the error classes of @databricks/sql 2.1.0: THTTPException (statusCode), StatusError (not an Error; only a text),
 *         OperationStateError (errorCode, response), FetchError (code). A starting warehouse: lightdash issue 27953.
 */
export function classify(error: unknown, phase: Phase): Problem {
  const facts = factsOf(error);
  const known = (kind: ProblemKind, whenSent: boolean): Problem => {
    const whenRunning = facts.operationState !== 'ERROR';
    return { kind, verbatim: facts.message, mayHaveHappened: phase === 'opening' ? false : phase === 'running' ? whenRunning : whenSent, retryAfterMs: facts.retryAfterMs };
  };

  if (error instanceof SqlProblem) return known(error.problem.kind, error.problem.mayHaveHappened);
  if (error instanceof AppFailure) return known(error.error.details['problem'] === 'network' ? 'network' : 'not-signed-in', false);
  if (facts.isAnswer) return known(...readStatement(facts));

  if (facts.status !== null) {
    if (facts.status === 401) return known('not-signed-in', false);
    if (facts.status === 403) return known(/invalid access token|token .*expired|expired token/iu.test(facts.message) ? 'not-signed-in' : 'forbidden', false);
    if (facts.status === 404) return known('address', false);
    if (facts.status === 429) return known('busy', false);
    if (facts.status === 503) return known('starting', true);
    if (facts.status >= 500) return known('network', true);
    return known('unexpected', true);
  }
  if (facts.code === 'ENOTFOUND') return known('address', false);
  if (facts.code === 'ECONNREFUSED') return known('network', false);
  if (certificateCodes.test(facts.code) || /self[- ]signed|unable to verify|certificate/iu.test(facts.code === '' ? '' : facts.message)) return known('certificate', false);
  if (networkCodes.has(facts.code) || /socket hang up|Request timed out|network|Max retry count exceeded|Premature close/iu.test(facts.message)) return known('network', true);
  if (/not connected/iu.test(facts.message)) return known('session-lost', true);
  return known(...readStatement(facts));
}

/** What a refusal of a statement says; the driver hands on nothing but its text. */
function readStatement({ message, operationState }: Facts): [ProblemKind, boolean] {
  if (operationState === 'CANCELED') return ['cancelled', true];
  if (operationState === 'CLOSED') return ['session-lost', true];
  if (/has not been initialized or had already closed|Couldn't create directory|warehouse .*(?:starting|is stopped)|TEMPORARILY_UNAVAILABLE/iu.test(message)) return ['starting', false];
  if (/Invalid (?:Session|Operation)Handle|INVALID_HANDLE|session .*(?:expired|closed)/iu.test(message)) return ['session-lost', false];
  if (operationState === 'TIMEOUT' || /STATEMENT_TIMEOUT|timed out|QUERY_EXECUTION_TIMEOUT/iu.test(message)) return ['timeout', true];
  if (/INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED|does not have .* on|ACCESS_DENIED|not authorized/iu.test(message)) return ['permission', false];
  if (/TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|NO_SUCH_(?:CATALOG|SCHEMA|TABLE)|CATALOG_NOT_FOUND|does not exist/iu.test(message)) return ['missing', false];
  if (/DELTA_CONCURRENT|Concurrent\w*Exception|CONCURRENT_/u.test(message)) return ['conflict', false];
  if (/PARSE_SYNTAX_ERROR|UNRESOLVED_COLUMN|UNRESOLVED_ROUTINE|DATATYPE_MISMATCH|CAST_INVALID_INPUT|MALFORMED_RECORD|CHECK_CONSTRAINT|NOT_NULL_CONSTRAINT|EXCEED_LIMIT_LENGTH|\[[A-Z_.]+\]/u.test(message)) return ['statement', false];
  if (operationState === 'ERROR') return ['statement', false];
  return ['unexpected', true];
}

interface Facts {
  message: string;
  /** True when the warehouse itself said it of a statement. */
  isAnswer: boolean;
  code: string;
  status: number | null;
  operationState: string;
  retryAfterMs: number | null;
}

function factsOf(error: unknown): Facts {
  const given = (typeof error === 'object' && error !== null ? error : {}) as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    errorCode?: unknown;
    statusCode?: unknown;
    response?: { headers?: { get?(name: string): string | null }; displayMessage?: unknown };
  };
  const shown = given.response?.displayMessage;
  const header = (name: string): string | null => given.response?.headers?.get?.(name) ?? null;
  const seconds = Number(header('retry-after') ?? Number.NaN);
  const told = header('x-thriftserver-error-message');
  return {
    isAnswer: given.name === 'Status Error' || typeof given.errorCode === 'string',
    message: told !== null ? `${String(given.message)} (${told})` : typeof shown === 'string' && shown !== '' ? shown : typeof given.message === 'string' ? given.message : String(error),
    code: typeof given.code === 'string' ? given.code : '',
    status: typeof given.statusCode === 'number' ? given.statusCode : null,
    operationState: typeof given.errorCode === 'string' ? given.errorCode : '',
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null,
  };
}

const codeOf: Readonly<Record<ProblemKind, ErrorCode>> = {
  cancelled: 'cancelled',
  'not-signed-in': 'not-signed-in',
  permission: 'permission-denied',
  forbidden: 'permission-denied',
  busy: 'rate-limited',
  starting: 'source-unavailable',
  'session-lost': 'source-unavailable',
  conflict: 'source-unavailable',
  network: 'source-unavailable',
  certificate: 'source-unavailable',
  address: 'source-unavailable',
  missing: 'source-invalid',
  statement: 'source-invalid',
  timeout: 'source-unavailable',
  unreadable: 'source-invalid',
  changed: 'source-unavailable',
  unexpected: 'source-unavailable',
};

/** The expected failure that people are told of. `details.effect` is `unknown` when a write may have happened. */
export function failureOf(problem: Problem, host: string, what: string): AppFailure {
  const details: AppError['details'] = { verbatim: problem.verbatim, problem: problem.kind === 'forbidden' ? 'permission' : problem.kind, host, effect: problem.mayHaveHappened ? 'unknown' : 'none' };
  return new AppFailure(codeOf[problem.kind], `${what}: ${sentenceOf(problem, host)}`, details);
}

function sentenceOf({ kind, verbatim: words, retryAfterMs }: Problem, host: string): string {
  const verbatim = words.trim().replace(/\.$/u, '');
  switch (kind) {
    case 'cancelled':
      return 'it was cancelled. Nothing was changed here.';
    case 'not-signed-in':
      return `Databricks (${host}) does not accept the sign-in. Sign in again, or give a token that has not expired.`;
    case 'permission':
    case 'forbidden':
      return `this user may not do that in Databricks: ${verbatim}. "countersign warehouse test" lists the grants to ask for.`;
    case 'busy':
      return `Databricks (${host}) asks us to slow down. Try again in ${retryAfterMs === null ? 'a few minutes' : `${Math.ceil(retryAfterMs / 1_000)} s`}.`;
    case 'starting':
      return `the warehouse of ${host} did not start in time. Look whether it can be started, and try again.`;
    case 'session-lost':
      return `Databricks (${host}) closed the session again and again. Try again.`;
    case 'conflict':
      return 'somebody else was writing to the same table. Try again.';
    case 'network':
      return `Databricks (${host}) cannot be reached or broke off: ${verbatim}. What you see is the last snapshot. Look at the network, and try again.`;
    case 'certificate':
      return `the certificate of ${host} cannot be trusted: ${verbatim}. Behind a proxy that opens TLS, name its certificate in "caFile" of the configuration.`;
    case 'address':
      return `there is no SQL warehouse at this address (${host}): ${verbatim}. Look at "host" and "httpPath" of the configuration.`;
    case 'missing':
      return `Databricks does not find a table or view: ${verbatim}. Deploy the views with "countersign views deploy", and look at "catalog", "schema" and "sources" of the configuration.`;
    case 'statement':
      return `Databricks refused a statement: ${verbatim}.`;
    case 'timeout':
      return `a statement took longer than the warehouse allows: ${verbatim}. Try again, or ask for a larger warehouse.`;
    case 'unreadable':
    case 'changed':
      return words;
    case 'unexpected':
      return `Databricks (${host}) answered something that is not known here: ${verbatim}.`;
  }
}
