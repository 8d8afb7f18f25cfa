import { AppFailure } from '../../electron/core/app-failure.ts';
import { OrgCallError, type Org, type OrgRecord, type WriteResult } from '../../electron/core/org-ports.ts';
import type { FieldValue } from '../../shared/domain/field-value.ts';
import { describedObject } from '../core/push/preflight/described-object.ts';
import { mapping } from '../core/push/push-workbench.ts';
import { scriptedJobs } from './scripted-jobs.ts';
import { virtualClock, type VirtualClock } from './virtual-clock.ts';

/** What happens to one write call, or to one step of a job. `late`: the answer is lost and the effect comes a while later. */
export const writeActions = ['ok', 'lost-before', 'lost-after', 'lost-partly', 'late', 'busy', 'limit', 'malformed', 'locked', 'failed', 'shuffled', 'short', 'signed-out'] as const;
export type WriteAction = (typeof writeActions)[number];

export type Values = Readonly<Record<string, FieldValue>>;

/** An effect that really took place. `seq` orders everything that happens in the org. */
export interface Effect {
  seq: number;
  /** The call or job that it belongs to. */
  call: number;
  by: 'us' | 'others';
  operation: 'create' | 'update' | 'delete';
  key: string;
  id: string;
  before: Values | null;
  values: Values;
}

/** What a read call saw of one record; null where there was none. */
export interface Seen {
  seq: number;
  values: Values | null;
}

/** One record of a write call or of a closed job, as it was sent. */
export interface Sent {
  operation: 'create' | 'update';
  key: string;
  values: Values;
}

export interface ScriptedOrg {
  org: Org;
  records: Map<string, Record<string, FieldValue>>;
  effects: Effect[];
  /** The newest look at a record by its key. */
  seen: Map<string, Seen>;
  /** Number of the newest call that could write a record, by its key. */
  sent: Map<string, number>;
  /** Keys that a call on its way may still write. */
  pending(): Set<string>;
  /** Somebody else's doing. */
  edit(id: string, values: Values): void;
  remove(id: string): void;
  create(values: Values): void;
  /** What goes wrong from now on. */
  script(next: OrgScript): void;
}

/** How calls go wrong, in their order; once it is used up all goes well. */
export interface OrgScript {
  writes: readonly WriteAction[];
  /** For each read whether it succeeds. */
  reads: readonly boolean[];
}

export interface ScriptedOrgOptions {
  clock?: VirtualClock;
  lateEffectMs?: number;
  /** Told before anything of a write call, or of a job that is being closed, can take effect. */
  onSend?(sent: readonly Sent[]): Promise<void> | void;
}

export const scriptedOrgId = '00D000000000001EAA';
/** Nobody has worked on a record of the seed for a day. */
const dayMs = 86_400_000;
const secondMs = 1_000;
/** So many calls of one kind are not an engine at work, but one that does not end. */
const mostCalls = 3_000;

/**
 * An org in memory whose writes and reads go wrong as told, in all three modes.
 *
 * Shape: every second record of a `locked`, `failed` or `lost-partly` call is hit. Each call takes a millisecond of the clock.
 */
export function scriptedOrg(seed: readonly Values[], script: OrgScript, options: ScriptedOrgOptions = {}): ScriptedOrg {
  const { clock = virtualClock(), lateEffectMs = 0, onSend = () => undefined } = options;
  const now = (): number => Date.parse(clock.now());
  const instant = (millis: number): string => new Date(millis).toISOString();
  const stamps = (millis: number) => ({ SystemModstamp: instant(millis), LastModifiedDate: instant(millis) });
  const records = new Map<string, Record<string, FieldValue>>(seed.map((record) => [String(record['Id']), { ...stamps(now() - dayMs), ...record }]));
  const effects: Effect[] = [];
  const seen = new Map<string, Seen>();
  const sentIn = new Map<string, number>();
  const onTheirWay = new Set<readonly Sent[]>();
  let writes = [...script.writes];
  let reads = [...script.reads];
  let seq = 0;
  let ids = 0;
  let writeCalls = 0;
  let readCalls = 0;

  const next = (): number => (seq += 1);
  const keyOf = (record: Values | undefined): string => String(record?.[mapping.keyField] ?? '');
  const keyed = (key: string) => [...records.values()].find((record) => keyOf(record) === key);
  const note = (effect: Omit<Effect, 'seq'>): void => void effects.push({ seq: next(), ...effect });

  const create = (call: number, values: Values, by: Effect['by'] = 'us'): WriteResult => {
    if (keyed(keyOf(values))) return { ok: false, code: 'DUPLICATE_VALUE', message: 'duplicate value found', fields: [] };
    ids += 1;
    const id = `a0PN${String(ids).padStart(11, '0')}AAA`;
    records.set(id, { ...values, Id: id, ...stamps(now()) });
    note({ call, by, operation: 'create', key: keyOf(values), id, before: null, values });
    return { ok: true, id };
  };
  const update = (call: number, { Id, ...values }: OrgRecord, by: Effect['by'] = 'us'): WriteResult => {
    const record = records.get(Id);
    if (!record) return { ok: false, code: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] };
    const before = { ...record };
    Object.assign(record, values, stamps(now()));
    note({ call, by, operation: 'update', key: keyOf(before), id: Id, before, values });
    return { ok: true, id: Id };
  };
  const updateUnmodified = (call: number, { record, unmodifiedSince }: { record: OrgRecord; unmodifiedSince: string }): WriteResult => {
    const modified = String(records.get(record.Id)?.['LastModifiedDate'] ?? '');
    const seconds = (text: string): number => Math.floor(Date.parse(text) / secondMs);
    if (modified !== '' && !(seconds(modified) <= seconds(unmodifiedSince))) return { ok: false, code: 'PRECONDITION_FAILED', message: 'modified since', fields: [] };
    return update(call, record);
  };
  const refuse = (code: string): WriteResult => ({ ok: false, code, message: code, fields: [] });
  const lost = (): OrgCallError => new OrgCallError({ effect: 'unknown', code: 'CONNECTION_LOST', message: 'lost' });

  /** Counts a call and takes the next action. */
  const begin = (): { call: number; action: WriteAction } => {
    writeCalls += 1;
    if (writeCalls > mostCalls) throw new Error('The engine does not come to an end.');
    clock.advance(1);
    return { call: next(), action: writes.shift() ?? 'ok' };
  };
  /** What makes a whole call fail before anything of it is processed. */
  const refuseCall = (action: WriteAction): void => {
    if (action === 'busy') throw new OrgCallError({ effect: 'not-processed', code: 'SERVER_UNAVAILABLE', message: 'busy', status: 503, retryable: true });
    if (action === 'limit') throw new OrgCallError({ effect: 'not-processed', code: 'REQUEST_LIMIT_EXCEEDED', message: 'limit', status: 403 });
    if (action === 'malformed') throw new OrgCallError({ effect: 'not-processed', code: 'JSON_PARSER_ERROR', message: 'malformed', status: 400 });
    if (action === 'signed-out') throw new AppFailure('not-signed-in', 'Sign in again.');
  };
  const announce = async (call: number, sent: readonly Sent[]): Promise<void> => {
    for (const { key } of sent) sentIn.set(key, call);
    await onSend(sent);
  };
  const sentOf = (operation: Sent['operation'], values: Values): Sent => {
    const { Id, ...rest } = values;
    return { operation, key: operation === 'create' ? keyOf(values) : keyOf(records.get(String(Id))), values: rest };
  };

  const write = async <T>(items: readonly T[], sentOfItem: (item: T) => Sent, applyTo: (call: number, item: T) => WriteResult): Promise<WriteResult[]> => {
    const { call, action } = begin();
    const sent = items.map(sentOfItem);
    await announce(call, sent);
    refuseCall(action);
    const apply = (item: T): WriteResult => applyTo(call, item);
    const everySecond = (code: string): WriteResult[] => items.map((item, index) => (index % 2 === 1 ? refuse(code) : apply(item)));
    switch (action) {
      case 'lost-before':
        throw lost();
      case 'lost-after':
        items.forEach(apply);
        throw lost();
      case 'lost-partly':
        everySecond('UNKNOWN');
        throw lost();
      case 'late':
        onTheirWay.add(sent);
        clock.at(clock.elapsedMs() + Math.floor(lateEffectMs * 0.9), () => {
          onTheirWay.delete(sent);
          items.forEach(apply);
        });
        throw lost();
      case 'locked':
        return everySecond('UNABLE_TO_LOCK_ROW');
      case 'failed':
        return everySecond('FIELD_CUSTOM_VALIDATION_EXCEPTION');
      case 'shuffled':
        return items.map(apply).toReversed();
      case 'short':
        return items.map(apply).slice(1);
      default:
        return items.map(apply);
    }
  };
  const read = <T>(answer: () => T): T => {
    readCalls += 1;
    if (readCalls > mostCalls) throw new Error('The engine does not come to an end.');
    clock.advance(1);
    if (reads.shift() === false) throw new AppFailure('org-unavailable', 'No answer.');
    return answer();
  };
  const saw = (key: string, values: Values | null): void => void seen.set(key, { seq: next(), values });
  const copy = (record: Values): OrgRecord => ({ ...record }) as OrgRecord;
  const unused = (): never => {
    throw new Error('The push engine has no use for this.');
  };

  const org: Org = {
    identity: async () => ({ orgId: scriptedOrgId, orgName: 'Scripted', isProduction: false, userId: 'u', username: 'ada@example.com', instanceUrl: 'http://127.0.0.1', apiVersion: '64.0' }),
    describe: async () => describedObject(),
    scan: unused,
    countRecords: unused,
    fingerprint: unused,
    readByKeys: async ({ keys }) =>
      read(() => {
        for (const key of keys) saw(key, keyed(key) === undefined ? null : copy(keyed(key) ?? {}));
        return [...records.values()].filter((record) => keys.includes(keyOf(record))).map(copy);
      }),
    readByIds: async ({ ids: wanted }) =>
      read(() =>
        wanted.map((id) => {
          const record = records.get(id);
          if (record === undefined) return null;
          saw(keyOf(record), copy(record));
          return copy(record);
        }),
      ),
    insert: ({ records: items }) => write(items, (item) => sentOf('create', item), create),
    update: ({ records: items }) => write(items, (item) => sentOf('update', item), update),
    insertStrict: ({ records: items }) => write(items, (item) => sentOf('create', item), create),
    updateStrict: ({ records: items }) => write(items, ({ record }) => sentOf('update', record), updateUnmodified),
    bulk: scriptedJobs({ clock, begin, refuseCall, lost, announce, read, create, update, sentOf, upsert: (call, values) => (keyed(keyOf(values)) ? update(call, { ...values, Id: String(keyed(keyOf(values))?.['Id']) } as OrgRecord) : create(call, values)) }),
    now: () => clock.now(),
    lateEffectMs,
    usage: () => ({ calls: writeCalls, writeCalls, dailyUsed: null, dailyLimit: null }),
    close: async () => undefined,
  };
  return {
    org,
    records,
    effects,
    seen,
    sent: sentIn,
    pending: () => new Set([...onTheirWay].flatMap((sent) => sent.map(({ key }) => key))),
    edit: (id, values) => {
      clock.advance(secondMs);
      if (records.has(id)) update(next(), { ...values, Id: id } as OrgRecord, 'others');
    },
    remove: (id) => {
      clock.advance(secondMs);
      const before = records.get(id);
      if (before === undefined) return;
      records.delete(id);
      note({ call: next(), by: 'others', operation: 'delete', key: keyOf(before), id, before, values: {} });
    },
    create: (values) => {
      clock.advance(secondMs);
      create(next(), values, 'others');
    },
    script: (given) => {
      writes = [...given.writes];
      reads = [...given.reads];
    },
  };
}
