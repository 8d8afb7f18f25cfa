import { isJsonObject, isTrue, readJson, type ApiCall, type Reply } from '../api-call.ts';
import { OrgRefusal } from '../org-refusal.ts';
import type { Route, RouteContext } from '../runtime.ts';

interface Subreply {
  body: unknown;
  httpHeaders: Readonly<Record<string, string>>;
  httpStatusCode: number;
  referenceId: string;
}

interface Subrequest {
  method: string;
  url: string;
  referenceId: string;
  body: unknown;
  headers: ReadonlyMap<string, string>;
}

const subrequestLimit = 25;

class UnknownReference extends Error {}

function readSubrequest(value: unknown): Subrequest {
  const refuse = (name: string): OrgRefusal => new OrgRefusal(400, 'JSON_PARSER_ERROR', `Invalid or missing ${name} in a subrequest`);
  if (!isJsonObject(value)) throw refuse('object');
  const { method, url, referenceId, body, httpHeaders } = value;
  if (typeof method !== 'string') throw refuse('method');
  if (typeof url !== 'string') throw refuse('url');
  if (typeof referenceId !== 'string' || !/^\w+$/.test(referenceId)) throw refuse('referenceId');
  const headers = isJsonObject(httpHeaders) ? Object.entries(httpHeaders) : [];
  return {
    method: method.toUpperCase(),
    url,
    referenceId,
    body,
    headers: new Map(headers.map(([name, text]) => [name.toLowerCase(), String(text)])),
  };
}

function valueAt(start: unknown, path: string): unknown {
  const steps = path.split('.').flatMap((step) => step.split(/\[(\d+)\]/).filter((part) => part !== ''));
  let value: unknown = start;
  for (const step of steps) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isJsonObject(value)) value = value[step];
    else return undefined;
  }
  return value;
}

/** Puts the values that `@{reference.field}` names into a text. */
function resolveText(text: string, done: ReadonlyMap<string, unknown>): unknown {
  const lookUp = (whole: string): unknown => {
    const [, name = '', path = ''] = /^@\{(\w+)\.?(.*)\}$/.exec(whole) ?? [];
    const value = done.has(name) ? valueAt(done.get(name), path) : undefined;
    if (value === undefined) throw new UnknownReference(`Invalid reference specified. No value for ${name}.${path} found in ${name}`);
    return value;
  };
  if (/^@\{[^}]*\}$/.test(text)) return lookUp(text);
  return text.replace(/@\{[^}]*\}/g, (whole) => String(lookUp(whole)));
}

function resolve(value: unknown, done: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') return resolveText(value, done);
  if (Array.isArray(value)) return value.map((one) => resolve(one, done));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolve(one, done)]));
}

function toCall(context: RouteContext, request: Subrequest, done: ReadonlyMap<string, unknown>): ApiCall {
  const url = new URL(String(resolveText(request.url, done)), 'http://org');
  if (!url.pathname.startsWith('/services/data/') || /\/composite\/?$/.test(url.pathname) || url.pathname.includes('/jobs/')) {
    throw new OrgRefusal(400, 'INVALID_INPUT', `This endpoint is not supported in a subrequest: ${url.pathname}`);
  }
  return {
    id: context.call.id,
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    body: request.body === undefined || request.body === null ? '' : JSON.stringify(resolve(request.body, done)),
    header: (name) => request.headers.get(name),
  };
}

function answerOne(context: RouteContext, request: Subrequest, done: ReadonlyMap<string, unknown>): Reply {
  try {
    return context.dispatch(toCall(context, request, done));
  } catch (error) {
    if (error instanceof UnknownReference) {
      return { status: 400, json: [{ errorCode: 'PROCESSING_HALTED', message: error.message }] };
    }
    if (error instanceof OrgRefusal) return { status: error.status, json: error.errors };
    throw error;
  }
}

const halted = (referenceId: string): Subreply => ({
  body: [
    {
      errorCode: 'PROCESSING_HALTED',
      message: 'The transaction was rolled back since another operation in the same transaction failed.',
    },
  ],
  httpHeaders: {},
  httpStatusCode: 400,
  referenceId,
});

/** Answers up to 25 subrequests in order; with `allOrNone` the first failure undoes and stops them all. */
function composite(context: RouteContext): Reply {
  const body = readJson(context.call);
  const list = body['compositeRequest'];
  if (!Array.isArray(list)) throw new OrgRefusal(400, 'JSON_PARSER_ERROR', 'compositeRequest is required');
  if (list.length > subrequestLimit) {
    throw new OrgRefusal(400, 'INVALID_INPUT', `The maximum number of subrequests is ${subrequestLimit}`);
  }
  const requests = list.map(readSubrequest);
  if (new Set(requests.map((request) => request.referenceId)).size < requests.length) {
    throw new OrgRefusal(400, 'INVALID_INPUT', 'referenceId is not unique within the call');
  }
  const allOrNone = isTrue(body['allOrNone']);
  const replies: Subreply[] = [];
  const failed = new Error('a subrequest failed');
  const answerAll = (): void => {
    const done = new Map<string, unknown>();
    for (const request of requests) {
      const reply = answerOne(context, request, done);
      replies.push({
        body: reply.json ?? null,
        httpHeaders: reply.headers?.['location'] === undefined ? {} : { Location: reply.headers['location'] },
        httpStatusCode: reply.status,
        referenceId: request.referenceId,
      });
      if (reply.status < 300) done.set(request.referenceId, reply.json);
      else if (allOrNone) throw failed;
    }
  };
  try {
    context.runtime.store.db.transaction(answerAll)();
  } catch (error) {
    if (error !== failed) throw error;
    const culprit = replies.at(-1);
    return {
      status: 200,
      json: {
        compositeResponse: requests.map((request) =>
          culprit?.referenceId === request.referenceId ? culprit : halted(request.referenceId),
        ),
      },
    };
  }
  return { status: 200, json: { compositeResponse: replies } };
}

export const compositeRoutes: readonly Route[] = [{ method: 'POST', pattern: /^\/composite$/, answer: composite }];
