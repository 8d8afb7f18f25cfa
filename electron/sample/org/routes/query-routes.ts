import type { Reply } from '../api-call.ts';
import { OrgRefusal } from '../org-refusal.ts';
import type { Route, RouteContext } from '../runtime.ts';

function pageSizeOf(context: RouteContext): number {
  const [, asked] = /batchSize\s*=\s*(\d+)/i.exec(context.call.header('sforce-query-options') ?? '') ?? [];
  if (asked === undefined) return context.runtime.pageSize;
  return Math.min(context.runtime.pageSize, Math.max(200, Number(asked)));
}

function query(context: RouteContext, includeDeleted: boolean): Reply {
  const soql = context.call.query.get('q');
  if (soql === null) throw new OrgRefusal(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  return {
    status: 200,
    json: context.runtime.queries.run({ soql, includeDeleted, pageSize: pageSizeOf(context), base: context.base }),
  };
}

const more = (context: RouteContext): Reply => ({
  status: 200,
  json: context.runtime.queries.more(context.params[0] ?? '', context.base),
});

export const queryRoutes: readonly Route[] = [
  { method: 'GET', pattern: /^\/query$/, answer: (context) => query(context, false) },
  { method: 'GET', pattern: /^\/queryAll$/, answer: (context) => query(context, true) },
  { method: 'GET', pattern: /^\/query(?:All)?\/([\w-]+)$/, answer: more },
];
