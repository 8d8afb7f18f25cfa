import type { ApiCall } from './api-call.ts';

export interface LoggedCall {
  id: string;
  at: string;
  method: string;
  path: string;
  status: number;
  durationMs: number;
}

/** What callers asked of the org since it started. */
export interface CallLog {
  add: (call: ApiCall, status: number, durationMs: number, at: number) => void;
  summary: () => { total: number; writes: number; byRoute: Record<string, number>; recent: LoggedCall[] };
  clear: () => void;
}

const recentKept = 1000;

/** The path with record ids, keys and cursors replaced, so that calls can be counted by kind. */
function routeOf(path: string): string {
  return path
    .replace(/^\/services\/data\/v[\d.]+/, '')
    .replace(/^\/sobjects\/(\w+)\/(?!describe|updated|deleted).+$/, '/sobjects/$1/*')
    .replace(/^\/(query|queryAll)\/.+$/, '/$1/*')
    .replace(/^\/jobs\/(ingest|query)\/\w+/, '/jobs/$1/*')
    .replace(/^(\/services\/async)\/[\d.]+/, '$1')
    .replace(/\/(job|batch|result)\/75\w+/g, '/$1/*')
    .replace(/^\/id\/.*$/, '/id/*');
}

const isWrite = (method: string, path: string): boolean =>
  path.startsWith('/services/data/') && method !== 'GET' && !(method === 'POST' && /\/composite\/sobjects\/\w+$|\/jobs\/query/.test(path));

/** Makes an empty call log; it keeps counts and the last 1,000 calls. */
export function createCallLog(): CallLog {
  let total = 0;
  let writes = 0;
  let byRoute = new Map<string, number>();
  let recent: LoggedCall[] = [];
  return {
    add: (call, status, durationMs, at) => {
      const route = `${call.method} ${routeOf(call.path)}`;
      total += 1;
      if (isWrite(call.method, call.path)) writes += 1;
      byRoute.set(route, (byRoute.get(route) ?? 0) + 1);
      recent.push({ id: call.id, at: new Date(at).toISOString(), method: call.method, path: call.path, status, durationMs });
      if (recent.length > recentKept * 2) recent = recent.slice(-recentKept);
    },
    summary: () => ({ total, writes, byRoute: Object.fromEntries(byRoute), recent: recent.slice(-recentKept) }),
    clear: () => {
      total = 0;
      writes = 0;
      byRoute = new Map();
      recent = [];
    },
  };
}
