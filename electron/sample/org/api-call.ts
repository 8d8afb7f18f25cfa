import { OrgRefusal } from './org-refusal.ts';

/** One HTTP request to the org, or one subrequest of a Composite call. */
export interface ApiCall {
  id: string;
  method: string;
  /** Path without the query, percent-decoded only by the routes. */
  path: string;
  query: URLSearchParams;
  body: string;
  header: (name: string) => string | undefined;
}

/** What the org answers: a JSON value, or a text with its own content type, or nothing. */
export interface Reply {
  status: number;
  json?: unknown;
  text?: string;
  type?: string;
  headers?: Readonly<Record<string, string>>;
}

type JsonObject = Record<string, unknown>;

/** Says whether a JSON value is an object and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the JSON object in the body of a call.
 *
 * Errors: the org's JSON_PARSER_ERROR for anything else, 415 for another content type.
 */
export function readJson(call: ApiCall): JsonObject {
  const type = call.header('content-type');
  if (type !== undefined && !type.toLowerCase().startsWith('application/json')) {
    throw new OrgRefusal(415, 'UNSUPPORTED_MEDIA_TYPE', `Content type ${type} is not supported`);
  }
  let value: unknown;
  try {
    value = JSON.parse(call.body);
  } catch {
    throw new OrgRefusal(400, 'JSON_PARSER_ERROR', 'Unexpected character or end of input in the request body');
  }
  if (!isJsonObject(value)) throw new OrgRefusal(400, 'JSON_PARSER_ERROR', 'Cannot deserialize the request body as an object');
  return value;
}

/** The value of a boolean query or body parameter. */
export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}
