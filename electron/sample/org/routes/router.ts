import type { ApiCall, Reply } from '../api-call.ts';
import { notFound, OrgRefusal } from '../org-refusal.ts';
import type { OrgUser } from '../org-store.ts';
import type { OrgRuntime, Route } from '../runtime.ts';
import { afterEffect, insteadOf } from '../fault-answers.ts';
import type { CallFaults } from '../faults.ts';
import { collectionRoutes } from './collections.ts';
import { compositeRoutes } from './composite.ts';
import { discoveryRoutes } from './discovery.ts';
import { queryRoutes } from './query-routes.ts';
import { replicationRoutes } from './replication.ts';
import { rowRoutes } from './rows.ts';

const fixedRoutes = [...discoveryRoutes, ...replicationRoutes, ...queryRoutes, ...collectionRoutes, ...compositeRoutes, ...rowRoutes];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notFound();
  }
}

/** The API version a path asks for; refused when the org does not speak it. */
export function versionOf(path: string): { version: string; base: string; rest: string } {
  const [, version = '', rest = ''] = /^\/services\/data\/v(\d{2}\.0)(\/.*)?$/.exec(path) ?? [];
  const number = Number(version);
  if (version !== '' && number >= 21 && number <= 30) throw new OrgRefusal(410, 'GONE', `API version ${version} has been retired`);
  if (version === '' || number < 31 || number > 67) throw notFound();
  return { version, base: `/services/data/v${version}`, rest: rest.replace(/\/+$/, '') };
}

/** Says which HTTP status and error body a thrown refusal answers. */
export function replyOfError(error: unknown): Reply {
  if (error instanceof OrgRefusal) {
    // Salesforce documents no body for a failed precondition.
    return error.status === 412 ? { status: 412 } : { status: error.status, json: error.errors };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, json: [{ errorCode: 'UNKNOWN_EXCEPTION', message }] };
}

/**
 * Answers one call of a signed-in user below `/services/data/vXX.X`, as one transaction.
 *
 * Errors: never throws; a refusal becomes its HTTP status and error body, with every effect of the call undone.
 */
export function answerApi(
  runtime: OrgRuntime,
  call: ApiCall,
  user: OrgUser,
  injected: CallFaults['injected'],
  outer: readonly ApiCall[] = [],
): Reply {
  try {
    const { version, base, rest } = versionOf(call.path);
    const routes: readonly Route[] = [...fixedRoutes, ...runtime.jobs.routes];
    const onPath = routes.filter((route) => route.pattern.test(rest));
    const route = onPath.find((candidate) => candidate.method === call.method);
    if (!route) {
      if (onPath.length === 0) throw notFound();
      const allowed = [...new Set(onPath.map((candidate) => candidate.method))].join(',');
      throw new OrgRefusal(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${call.method}' not allowed. Allowed are ${allowed}`);
    }
    const params = (route.pattern.exec(rest) ?? []).slice(1).map((part) => decode(part ?? ''));
    const dispatch = (inner: ApiCall): Reply => {
      const actions = runtime.faults.forPart(inner);
      const early = insteadOf(actions);
      if (early) return early;
      const reply = answerApi(runtime, inner, user, runtime.faults.forRecords([inner, call, ...outer]), [call, ...outer]);
      return afterEffect(actions) ?? reply;
    };
    const context = { runtime, call, user, base, version, params, injected, dispatch };
    if (call.method === 'GET') return route.answer(context);
    return runtime.store.db.transaction(() => route.answer(context))();
  } catch (error) {
    return replyOfError(error);
  }
}
