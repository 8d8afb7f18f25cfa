import type { Reply } from '../api-call.ts';
import { OrgRefusal } from '../org-refusal.ts';
import { formatInstant, parseInstant } from '../org-value.ts';
import type { Route, RouteContext } from '../runtime.ts';
import { objectNamed } from './discovery.ts';

const minuteMs = 60_000;
const idLimit = 600_000;

/** Reads the window of a replication call; Salesforce passes over the seconds. */
function windowOf(context: RouteContext): { start: string; end: string } {
  const read = (name: string): string => {
    const instant = parseInstant(context.call.query.get(name)?.replace(' ', '+') ?? '');
    if (instant === undefined) throw new OrgRefusal(400, 'INVALID_REPLICATION_DATE', `${name} is not a valid date-time`);
    return formatInstant(Math.floor(instant / minuteMs) * minuteMs);
  };
  const window = { start: read('start'), end: read('end') };
  if (window.start >= window.end) throw new OrgRefusal(400, 'INVALID_REPLICATION_DATE', 'startDate before endDate expected');
  return window;
}

function changed(context: RouteContext, deleted: 0 | 1): { id: string; at: string }[] {
  const object = objectNamed(context, context.params[0]);
  const { start, end } = windowOf(context);
  const rows = context.runtime.store
    .prepare(
      `SELECT Id AS id, SystemModstamp AS at FROM "${object.name}"
       WHERE SystemModstamp >= ? AND SystemModstamp < ? AND +IsDeleted = ? ORDER BY Id LIMIT ?`,
    )
    .all(start, end, deleted, idLimit + 1) as { id: string; at: string }[];
  if (rows.length > idLimit) throw new OrgRefusal(400, 'EXCEEDED_ID_LIMIT', `more than ${idLimit} records in the given time`);
  return rows;
}

function updatedRecords(context: RouteContext): Reply {
  const ids = changed(context, 0).map((row) => row.id);
  return { status: 200, json: { ids, latestDateCovered: windowOf(context).end } };
}

function deletedRecords(context: RouteContext): Reply {
  const { start, end } = windowOf(context);
  const deletedRecords = changed(context, 1).map((row) => ({ id: row.id, deletedDate: row.at }));
  return { status: 200, json: { deletedRecords, earliestDateAvailable: start, latestDateCovered: end } };
}

/** The routes by which a client follows changes: which records were updated or deleted in a time. */
export const replicationRoutes: readonly Route[] = [
  { method: 'GET', pattern: /^\/sobjects\/(\w+)\/updated$/, answer: updatedRecords },
  { method: 'GET', pattern: /^\/sobjects\/(\w+)\/deleted$/, answer: deletedRecords },
];
