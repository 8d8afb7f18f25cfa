import type { ApiCall } from './api-call.ts';
import type { RecordError } from './org-refusal.ts';
import { idIdentity } from './salesforce-id.ts';
import type { RecordNaming } from './write-record.ts';

export interface FaultMatch {
  method?: string;
  /** Regular expression on the path. */
  path?: string;
  /** Text in the body, or in the decoded query of the address. */
  bodyIncludes?: string;
  /** Matches to let pass first. */
  after?: number;
}

export interface FaultAction {
  delayMs?: number;
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  html?: string;
  unauthorized?: boolean;
  drop?: 'before-effect' | 'after-effect' | 'mid-body';
  /** With `drop: 'before-effect'`: the call takes effect after all, that long after its connection was closed. */
  effectAfterMs?: number;
  effectThen?: { status: number; body?: unknown };
  truncateJson?: boolean;
  recordErrors?: ({ key?: string; id?: string; index?: number } & { statusCode: string; message: string; fields?: string[] })[];
  lockRows?: { keys?: string[]; ids?: string[]; times?: number };
  job?: JobFault;
}

/** How a bulk job works otherwise than it should. */
export interface JobFault {
  /** Rows written in one step, 200 by default. */
  rowsPerStep?: number;
  /** Waits before each step, the first one included. */
  stepMs?: number;
  /** Ends the job as `Failed` when that many rows have been worked on; the others stay unprocessed. */
  failAfterRows?: number;
}

export interface FaultSpec {
  match?: FaultMatch;
  /** How often it applies; -1 for always. */
  times?: number;
  action: FaultAction;
}

interface Fault {
  id: number;
  spec: FaultSpec;
  seen: number;
  used: number;
  locked: Map<string, number>;
}

/** The faults that apply to one call. */
export interface CallFaults {
  actions: FaultAction[];
  injected: (record: RecordNaming) => RecordError | undefined;
}

export interface Faults {
  add: (spec: FaultSpec) => number;
  list: () => (FaultSpec & { id: number; seen: number; used: number })[];
  clear: () => void;
  /** Counts the call against every fault that matches it. */
  forCall: (call: ApiCall) => CallFaults;
  /** The same for a part of a Composite call; only answers can be put in place of it, since it has no connection of its own. */
  forPart: (call: ApiCall) => FaultAction[];
  /** The fault of the bulk job that a call has closed, counted as used. */
  forJob: (call: ApiCall) => JobFault;
  /** The record faults of a call that is part of another, such as a Composite subrequest. */
  forRecords: (calls: readonly ApiCall[]) => CallFaults['injected'];
}

const isRecordFault = (action: FaultAction): boolean => action.recordErrors !== undefined || action.lockRows !== undefined;
const isAnswer = (action: FaultAction): boolean => action.status !== undefined || action.html !== undefined || action.unauthorized === true || action.effectThen !== undefined;
const isCallFault = (action: FaultAction): boolean => !isRecordFault(action) && action.job === undefined;

function matches(match: FaultMatch | undefined, call: ApiCall): boolean {
  if (!match) return true;
  if (match.method !== undefined && match.method.toUpperCase() !== call.method) return false;
  if (match.path !== undefined && !new RegExp(match.path).test(call.path)) return false;
  if (match.bodyIncludes === undefined) return true;
  return call.body.includes(match.bodyIncludes) || [...call.query.values()].some((value) => value.includes(match.bodyIncludes ?? ''));
}

function names(record: RecordNaming, wanted: { key?: string; id?: string; index?: number }): boolean {
  if (wanted.index !== undefined && wanted.index === record.index) return true;
  if (wanted.key !== undefined && wanted.key === record.key) return true;
  return wanted.id !== undefined && record.id !== undefined && idIdentity(wanted.id) === idIdentity(record.id);
}

function lockError(fault: Fault, record: RecordNaming): RecordError | undefined {
  const lock = fault.spec.action.lockRows;
  if (!lock) return undefined;
  const wanted = [...(lock.keys ?? []).map((key) => ({ key })), ...(lock.ids ?? []).map((id) => ({ id }))];
  if (!wanted.some((one) => names(record, one))) return undefined;
  const name = record.key ?? record.id ?? '';
  const done = fault.locked.get(name) ?? 0;
  const times = lock.times ?? 1;
  if (times >= 0 && done >= times) return undefined;
  fault.locked.set(name, done + 1);
  return { statusCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access to this record', fields: [] };
}

/** Makes the list of injected faults. A fault is matched in the order in which it was added. */
export function createFaults(): Faults {
  let faults: Fault[] = [];
  let lastId = 0;
  const spent = (fault: Fault): boolean => {
    const times = fault.spec.times ?? 1;
    return times >= 0 && fault.used >= times;
  };

  const forRecords = (calls: readonly ApiCall[]): CallFaults['injected'] => {
    const active = faults.filter((fault) => isRecordFault(fault.spec.action) && calls.some((call) => matches(fault.spec.match, call)));
    const counted = new Set<Fault>();
    return (record) => {
      for (const fault of active) {
        const locked = lockError(fault, record);
        if (locked) return locked;
        const error = fault.spec.action.recordErrors?.find((candidate) => names(record, candidate));
        if (error && (counted.has(fault) || !spent(fault))) {
          if (!counted.has(fault)) fault.used += 1;
          counted.add(fault);
          return { statusCode: error.statusCode, message: error.message, fields: error.fields ?? [] };
        }
      }
      return undefined;
    };
  };

  const take = (call: ApiCall, kind: (action: FaultAction) => boolean): FaultAction[] => {
    const actions: FaultAction[] = [];
    for (const fault of faults) {
      if (!kind(fault.spec.action) || !matches(fault.spec.match, call)) continue;
      fault.seen += 1;
      if (fault.seen <= (fault.spec.match?.after ?? 0) || spent(fault)) continue;
      fault.used += 1;
      actions.push(fault.spec.action);
    }
    return actions;
  };

  return {
    add: (spec) => {
      lastId += 1;
      faults.push({ id: lastId, spec, seen: 0, used: 0, locked: new Map() });
      return lastId;
    },
    list: () => faults.map((fault) => ({ id: fault.id, ...fault.spec, seen: fault.seen, used: fault.used })),
    clear: () => {
      faults = [];
    },
    forCall: (call) => ({ actions: take(call, isCallFault), injected: forRecords([call]) }),
    forPart: (call) => take(call, isAnswer),
    forJob: (call) => take(call, (action) => action.job !== undefined)[0]?.job ?? {},
    forRecords,
  };
}
