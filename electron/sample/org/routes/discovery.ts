import type { Reply } from '../api-call.ts';
import { notFound } from '../org-refusal.ts';
import type { Route, RouteContext } from '../runtime.ts';
import { findObject, type OrgObject } from '../schema.ts';
import { describeBriefly, describeObject } from './describe.ts';

const releases: readonly (readonly [string, string])[] = [
  ['58.0', "Summer '23"],
  ['59.0', "Winter '24"],
  ['60.0', "Spring '24"],
  ['61.0', "Summer '24"],
  ['62.0', "Winter '25"],
  ['63.0', "Spring '25"],
  ['64.0', "Summer '25"],
  ['65.0', "Winter '26"],
  ['66.0', "Spring '26"],
  ['67.0', "Summer '26"],
];

/** The list of API versions, answered without signing in. */
export const versionList: Reply = {
  status: 200,
  json: releases.map(([version, label]) => ({ label, url: `/services/data/v${version}`, version })),
};

/** The object a path names; refused when the org has none of that name. */
export function objectNamed(context: RouteContext, name: string | undefined): OrgObject {
  const object = findObject(context.runtime.store.schema, name ?? '');
  if (!object) throw notFound();
  return object;
}

/** Every resource by its path; the identity alone by a whole address, since it may lie on another host. */
function resources({ base, call, runtime, user }: RouteContext): Reply {
  const names = ['sobjects', 'query', 'queryAll', 'limits', 'composite', 'jobs'];
  const map = Object.fromEntries(names.map((name) => [name, `${base}/${name}`]));
  return { status: 200, json: { ...map, identity: `http://${call.header('host')}/id/${runtime.store.orgId}/${user.id}` } };
}

function limits({ runtime }: RouteContext): Reply {
  const { dailyApiLimit: Max } = runtime;
  return {
    status: 200,
    json: {
      DailyApiRequests: { Max, Remaining: Math.max(0, Max - runtime.apiUsed()) },
      DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 },
      DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 },
      DataStorageMB: { Max: 1024, Remaining: 1024 },
    },
  };
}

/** Honours the conditional read that describe calls allow; the schema never changes while the org runs. */
function unlessKnown(context: RouteContext, json: unknown): Reply {
  const since = context.call.header('if-modified-since');
  if (since !== undefined && !Number.isNaN(Date.parse(since))) return { status: 304 };
  return { status: 200, json };
}

export const discoveryRoutes: readonly Route[] = [
  { method: 'GET', pattern: /^$/, answer: resources },
  { method: 'GET', pattern: /^\/limits$/, answer: limits },
  {
    method: 'GET',
    pattern: /^\/sobjects$/,
    answer: (context) =>
      unlessKnown(context, {
        encoding: 'UTF-8',
        maxBatchSize: 200,
        sobjects: context.runtime.store.schema.map((object) => describeBriefly(object, context.base)),
      }),
  },
  {
    method: 'GET',
    pattern: /^\/sobjects\/(\w+)$/,
    answer: (context) => ({
      status: 200,
      json: { objectDescribe: describeBriefly(objectNamed(context, context.params[0]), context.base), recentItems: [] },
    }),
  },
  {
    method: 'GET',
    pattern: /^\/sobjects\/(\w+)\/describe$/,
    answer: (context) => unlessKnown(context, describeObject(objectNamed(context, context.params[0]), context.base)),
  },
];
