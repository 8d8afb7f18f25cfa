import type { Ledger, RecordIntent, RecordResult } from '../../../electron/core/ledger-ports.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import type { RecordState } from '../../../shared/domain/outcome.ts';
import type { PlanRecord } from '../../../shared/domain/plan.ts';
import type { ScriptedOrg, Sent, Values } from '../scripted-org.ts';

type Commit = Parameters<Ledger['commit']>[0];

/** Watches everything that the engine says to the ledger and to the org, and notes what must never be. */
export interface Overseer {
  /** What was seen that must never be, in plain words. */
  violations: string[];
  /** The ledger, each commit of which is looked at before it is made. */
  watch(ledger: Ledger): Ledger;
  /** For the org: what is about to be sent must stand in the ledger as an intent, word for word. */
  onSend(sent: readonly Sent[]): Promise<void>;
  /** Whether the run was told to stop: then only the chunk at work may be ended. */
  stopAsked(asked: boolean): void;
  /** Intents of one record in one run. */
  attemptsOf(runId: string, key: string): number;
}

const isEqual = (left: FieldValue | undefined, right: FieldValue | undefined): boolean => (left ?? null) === (right ?? null);
const holds = (held: Values | null | undefined, wanted: Values): boolean => held !== null && held !== undefined && Object.entries(wanted).every(([field, value]) => isEqual(held[field], value));
const quiet: readonly RecordState[] = ['unknown'];

/** Makes an overseer of one org and the ledger of its plan. */
export function createOverseer(facts: { plan: readonly PlanRecord[]; mode: string; scripted(): ScriptedOrg; ledger(): Ledger }): Overseer {
  const { plan, mode, scripted, ledger: ledgerNow } = facts;
  const planned = new Map(plan.map((record) => [record.key, record]));
  const violations: string[] = [];
  const attempts = new Map<string, number>();
  const chunks = new Map<string, number>();
  const begunAfterStop = new Set<number>();
  let isStopAsked = false;
  let newestIntents = new Map<string, RecordIntent>();

  const violated = (what: string): void => void violations.push(what);
  const after = (key: string): Values => Object.fromEntries(Object.entries(planned.get(key)?.fields ?? {}).map(([field, value]) => [field, value.after]));
  const ourEffects = (key: string) => scripted().effects.filter((effect) => effect.key === key && effect.by === 'us');
  const lastOfOthers = (key: string): number => Math.max(0, ...scripted().effects.filter((effect) => effect.key === key && effect.by === 'others').map(({ seq }) => seq));

  const checkIntent = (runId: string, intent: RecordIntent): void => {
    const { key, chunk } = intent;
    const name = `${runId} ${key}`;
    attempts.set(name, (attempts.get(name) ?? 0) + 1);
    if (chunks.has(name) && chunks.get(name) !== chunk) violated(`${key} moved from chunk ${chunks.get(name)} to ${chunk}`);
    chunks.set(name, chunk);
    // The chunk at work may be one of which nothing was stored yet.
    if (isStopAsked) begunAfterStop.add(chunk);
    if (begunAfterStop.size > 1) violated(`chunk ${chunk} was begun after the run was told to stop`);
    newestIntents.set(key, intent);

    const record = planned.get(key);
    if (record === undefined) return violated(`${key} was never planned`);
    const seen = scripted().seen.get(key);
    if (seen === undefined || seen.seq < (scripted().sent.get(key) ?? 0)) return violated(`${key} is to be sent, but was not looked at since it was last sent`);
    for (const [field, value] of Object.entries(intent.sent)) {
      if (field === 'Snappt_Property_ID__c' ? value !== key : !isEqual(value, record.fields[field]?.after)) violated(`${key}: ${field} is to be sent as ${value}, which nobody planned`);
    }
    if (record.kind === 'create') {
      if (seen.values !== null) violated(`${key} is to be created, but was seen in Salesforce`);
      if (!holds(intent.sent, after(key))) violated(`${key} is to be created without all its values`);
      return;
    }
    for (const field of Object.keys(intent.sent)) {
      if (!isEqual(seen.values?.[field], record.fields[field]?.before)) violated(`${key}: ${field} was seen to be ${seen.values?.[field]}, not as reviewed, and is to be overwritten`);
      if (!isEqual(intent.beforeImage?.[field], seen.values?.[field])) violated(`${key}: the before-image of ${field} is not what was seen`);
    }
    if (mode === 'collections' && scripted().pending().has(key)) violated(`${key} is to be sent again while a lost call may still write it`);
  };

  const checkResult = (result: RecordResult): void => {
    const { key, state, code } = result;
    const seen = scripted().seen.get(key);
    const isSeenWritten = holds(seen?.values, after(key));
    const lastOurs = Math.max(scripted().sent.get(key) ?? 0, ...ourEffects(key).map(({ seq }) => seq));
    if (state === 'succeeded') {
      if (seen === undefined || seen.seq < lastOurs) violated(`${key} is said to have succeeded without having been read back`);
      else if (!isSeenWritten) violated(`${key} is said to have succeeded, but was not seen to hold what was planned`);
      if (seen?.values && result.salesforceId !== null && seen.values['Id'] !== result.salesforceId) violated(`${key} is said to be ${result.salesforceId}`);
    }
    if (state === 'skipped' && !isSeenWritten) violated(`${key} is said to need nothing, but was not seen to hold what was planned`);
    if (state === 'skipped' && ourEffects(key).some(({ seq }) => seq > lastOfOthers(key))) violated(`${key} is said to need nothing, but was written by us`);
    if (state === 'stale' && isSeenWritten && lastOurs > 0 && seen !== undefined && seen.seq > lastOfOthers(key)) violated(`${key} is said to be stale, but was seen to be as we wrote it`);
    const isWrittenByUs = ourEffects(key).some(({ seq }) => seq > lastOfOthers(key));
    if (state === 'failed' && code !== 'READ_BACK_DIFFERS' && isWrittenByUs) violated(`${key} is said to have failed (${code}), but was written`);
    if (state === 'planned' && isWrittenByUs && (seen === undefined || seen.seq > Math.max(...ourEffects(key).map(({ seq }) => seq)))) violated(`${key} is planned again, but was written`);
  };

  const look = ({ events, writes }: Commit): void => {
    const told = new Map<string, string>();
    for (const { type, keys, data } of events) if (type === 'record.pushed') for (const key of keys) told.set(key, String(data['outcome']));
    for (const step of writes) {
      if (step.write === 'run.start') newestIntents = new Map();
      // Each result is looked at before the intents of the same commit, which come after it.
      if (step.write === 'record.results') {
        for (const result of step.results) {
          checkResult(result);
          if (result.state !== 'planned' && !quiet.includes(result.state) && told.get(result.key) !== result.state) violated(`the audit log says of ${result.key}: ${told.get(result.key) ?? 'nothing'}, not ${result.state}`);
        }
      }
      if (step.write === 'record.intents') for (const intent of step.intents) checkIntent(step.runId, intent);
      if (step.write === 'record.intents' && !events.some(({ type, keys }) => type === 'chunk.sending' && step.intents.every(({ key }) => keys.includes(key)))) violated('intents were stored without their event');
    }
  };

  return {
    violations,
    watch: (ledger) => ({
      ...ledger,
      commit: async (step) => {
        look(step);
        return ledger.commit(step);
      },
    }),
    onSend: async (sent) => {
      const ledger = ledgerNow();
      const [run] = await ledger.runs('B-1');
      const open = new Map((await ledger.runRecords({ runId: run?.id ?? '', states: ['sending'], after: null, limit: 1_000 })).map((record) => [record.key, record]));
      for (const { operation, key, values } of sent) {
        const record = open.get(key);
        if (record === undefined || record.kind !== operation) violated(`${key} is being sent as ${operation} without an open intent`);
        else if (JSON.stringify(Object.entries(record.sent ?? {}).toSorted()) !== JSON.stringify(Object.entries(values).toSorted())) violated(`${key} is being sent with other values than its intent says`);
      }
      if (new Set(sent.map(({ key }) => key)).size < sent.length) violated('a record stands twice in one call');
    },
    stopAsked: (asked) => {
      isStopAsked = asked;
      begunAfterStop.clear();
    },
    attemptsOf: (runId, key) => attempts.get(`${runId} ${key}`) ?? 0,
  };
}
