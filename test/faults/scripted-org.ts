import { AppFailure } from '../../electron/core/app-failure.ts';
import { OrgCallError, type Org, type OrgRecord, type WriteResult } from '../../electron/core/org-ports.ts';
import type { FieldValue } from '../../shared/domain/field-value.ts';
import { describedObject } from '../core/push/preflight/described-object.ts';
import { mapping } from '../core/push/push-workbench.ts';

/** What happens to one write call. `late`: the answer is lost and the effect comes just before the next write. */
export const writeActions = ['ok', 'lost-before', 'lost-after', 'lost-partly', 'late', 'busy', 'limit', 'malformed', 'locked', 'failed', 'shuffled', 'short', 'signed-out'] as const;
export type WriteAction = (typeof writeActions)[number];

/** An effect that really took place. */
export interface Effect {
  operation: 'create' | 'update';
  key: string;
}

export interface ScriptedOrg {
  org: Org;
  records: Map<string, Record<string, FieldValue>>;
  effects: Effect[];
}

export const scriptedOrgId = '00D000000000001EAA';

/**
 * An org in memory whose writes and reads go wrong as told; once the scripts are used up all goes well.
 *
 * Shape: `reads` says for each read whether it succeeds. Every second record of a `locked`, `failed` or `lost-partly` call is hit.
 */
export function scriptedOrg(seed: readonly Readonly<Record<string, FieldValue>>[], script: { writes: readonly WriteAction[]; reads: readonly boolean[] }): ScriptedOrg {
  const records = new Map(seed.map((record) => [String(record['Id']), { ...record }]));
  const effects: Effect[] = [];
  const writes = [...script.writes];
  const reads = [...script.reads];
  let late: (() => void) | null = null;
  let ids = 0;
  let writeCalls = 0;

  const keyed = (key: FieldValue | undefined) => [...records.values()].find((record) => record[mapping.keyField] === key);
  const create = (values: Readonly<Record<string, FieldValue>>): WriteResult => {
    if (keyed(values[mapping.keyField])) return { ok: false, code: 'DUPLICATE_VALUE', message: 'duplicate value found', fields: [] };
    ids += 1;
    const id = `a0PN${String(ids).padStart(14, '0')}`;
    records.set(id, { ...values, Id: id });
    effects.push({ operation: 'create', key: String(values[mapping.keyField]) });
    return { ok: true, id };
  };
  const update = ({ Id, ...values }: OrgRecord): WriteResult => {
    const record = records.get(Id);
    if (!record) return { ok: false, code: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] };
    Object.assign(record, values);
    effects.push({ operation: 'update', key: String(record[mapping.keyField]) });
    return { ok: true, id: Id };
  };
  const refuse = (code: string): WriteResult => ({ ok: false, code, message: code, fields: [] });
  const lost = () => new OrgCallError({ effect: 'unknown', code: 'CONNECTION_LOST', message: 'lost' });

  const write = <T>(items: readonly T[], apply: (item: T) => WriteResult): WriteResult[] => {
    late?.();
    late = null;
    writeCalls += 1;
    const everySecond = (code: string) => items.map((item, index) => (index % 2 === 1 ? refuse(code) : apply(item)));
    switch (writes.shift() ?? 'ok') {
      case 'ok':
        return items.map(apply);
      case 'lost-before':
        throw lost();
      case 'lost-after':
        items.forEach(apply);
        throw lost();
      case 'lost-partly':
        everySecond('UNKNOWN');
        throw lost();
      case 'late':
        late = () => void items.forEach(apply);
        throw lost();
      case 'busy':
        throw new OrgCallError({ effect: 'not-processed', code: 'SERVER_UNAVAILABLE', message: 'busy', status: 503, retryable: true });
      case 'limit':
        throw new OrgCallError({ effect: 'not-processed', code: 'REQUEST_LIMIT_EXCEEDED', message: 'limit', status: 403 });
      case 'malformed':
        throw new OrgCallError({ effect: 'not-processed', code: 'JSON_PARSER_ERROR', message: 'malformed', status: 400 });
      case 'locked':
        return everySecond('UNABLE_TO_LOCK_ROW');
      case 'failed':
        return everySecond('FIELD_CUSTOM_VALIDATION_EXCEPTION');
      case 'shuffled':
        return items.map(apply).toReversed();
      case 'short':
        return items.map(apply).slice(1);
      case 'signed-out':
        throw new AppFailure('not-signed-in', 'Sign in again.');
    }
  };
  const read = <T>(answer: () => T): T => {
    if (reads.shift() === false) throw new AppFailure('org-unavailable', 'No answer.');
    return answer();
  };
  const copy = (record: Record<string, FieldValue>): OrgRecord => ({ ...record }) as OrgRecord;
  const unused = (): never => {
    throw new Error('The push engine has no use for this.');
  };

  const org: Org = {
    identity: async () => ({ orgId: scriptedOrgId, orgName: 'Scripted', isProduction: false, userId: 'u', username: 'ada@example.com', instanceUrl: 'http://127.0.0.1', apiVersion: '64.0' }),
    describe: async () => describedObject(),
    scan: unused,
    countRecords: unused,
    fingerprint: unused,
    readByKeys: async ({ keys }) => read(() => [...records.values()].filter((record) => keys.includes(String(record[mapping.keyField]))).map(copy)),
    readByIds: async ({ ids: wanted }) => read(() => wanted.map((id) => (records.has(id) ? copy(records.get(id) ?? {}) : null))),
    insert: async (request) => write(request.records, create),
    update: async (request) => write(request.records, update),
    insertStrict: async (request) => write(request.records, create),
    updateStrict: async (request) => write(request.records.map(({ record }) => record), update),
    bulk: { create: unused, upload: unused, close: unused, abort: unused, job: unused, results: unused },
    lateEffectMs: 0,
    usage: () => ({ calls: writeCalls, writeCalls, dailyUsed: null, dailyLimit: null }),
    close: async () => undefined,
  };
  return { org, records, effects };
}
