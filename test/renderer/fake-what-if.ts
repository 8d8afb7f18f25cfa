import { lineDifferences } from '../../electron/core/views/line-differences.ts';
import type { CallInput, CallOutput } from '../../shared/contract.ts';
import { whatIfViews, type WhatIf, type WhatIfDraft, type WhatIfRecord } from '../../shared/domain/what-if.ts';
import { CallFailure, type CancelSignal } from '../../shared/transport.ts';
import { failure, type FakeState } from './fake-client.ts';
import { itemOf } from './made-up-changes.ts';

const aggregated = 'properties_aggregated_by_sfdc_id';
const idv = { field: 'Identity_Verification_Enabled__c', label: 'IDV enabled' };
const bank = { field: 'Bank_Linking_Enabled__c', label: 'Bank linking enabled' };
const counts = { enter: 3, leave: 11, change: 203 };

/** The made-up text of a view as plan A has it. */
export function textAsIs(view: string): string {
  return `-- ${view}\nSELECT *\nFROM properties`;
}

function textOf(draft: WhatIfDraft): { view: string; sql: string } {
  if ('view' in draft) return draft;
  return { view: aggregated, sql: textAsIs(aggregated).replace('SELECT *', `SELECT primary_of(${draft.field}), *`) };
}

/** A text that has DELETE cannot be run, one with SLOW never ends, one with SAME gives what plan A gives, one with WRONG does not add up, one with OLD is of another snapshot. */
function has(draft: WhatIfDraft, word: string): boolean {
  return 'view' in draft && draft.sql.includes(word);
}

function recordAt(index: number): WhatIfRecord {
  const state = index < counts.enter ? 'enter' : index < counts.enter + counts.leave ? 'leave' : 'change';
  const { key, kind, name } = itemOf(index);
  const change = index % 5 === 0 ? bank : idv;
  const inA = state !== 'enter' || index > 0;
  const fields = [
    { ...change, before: false, a: inA ? true : null, b: state === 'leave' && index % 2 === 1 ? null : false },
    ...(index % 3 === 0 ? [{ field: 'contributors', label: 'Contributors', before: null, a: `${key}, ${key}-1`, b: key }] : []),
    ...(index % 4 === 0 ? [{ field: 'Name', label: 'Name', before: 'Park\u200b Kennedy', a: name, b: null }] : []),
  ];
  return { key, kind, state, name, inA, inB: !(state === 'leave' && index % 2 === 1), isBeforeKnown: index !== 1, contributorCount: 1 + (index % 4), fields };
}

const records = Array.from({ length: counts.enter + counts.leave + counts.change }, (_, index) => recordAt(index));

/** The calls that try other rules, with made-up numbers. */
export function whatIfDoubles(state: FakeState) {
  let runs = 0;
  return {
    'whatIf.draft': ({ draft }: CallInput<'whatIf.draft'>): CallOutput<'whatIf.draft'> => {
      const { view, sql } = textOf(draft);
      const asIs = textAsIs(view);
      return { view, asIs, sql, differences: lineDifferences(asIs, sql).map(({ line, side, text }) => ({ line, plan: side === 'expected' ? 'a' : 'b', text })) };
    },
    'whatIf.run': async ({ draft }: CallInput<'whatIf.run'>, signal?: CancelSignal): Promise<WhatIf> => {
      const { view, sql } = textOf(draft);
      state.emit('whatIf.progress', { step: 'load', done: 12_000, total: 12_000 });
      state.emit('whatIf.progress', { step: 'plan-b', done: 4_500, total: 9_061 });
      if (has(draft, 'SLOW')) await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new CallFailure({ code: 'cancelled', message: 'The comparison was cancelled. Nothing was changed.', details: {} }))));
      if (has(draft, 'DELETE')) {
        const line = sql.slice(0, sql.indexOf('DELETE')).split('\n').length;
        throw new CallFailure({ code: 'invalid-input', message: `Plan B cannot be run. Line ${line}: near "DELETE": syntax error.`, details: { view, line } });
      }
      runs += 1;
      const isSame = has(draft, 'SAME');
      const found = isSame ? { enter: 0, leave: 0, change: 0 } : counts;
      const a = { creates: 1_081, updates: 7_980, total: 9_061, p1: 120, p2: 799 };
      const example = ({ key, kind, name, state: becomes }: WhatIfRecord) => ({ key, kind, name, state: becomes });
      const [first, second, third] = [records[20], records[25], records[1]].map((record) => example(record ?? recordAt(0)));
      if (!first || !second || !third) throw failure('not-found', 'There are no made-up records.');
      return {
        id: `comparison ${runs}`,
        snapshotId: has(draft, 'OLD') ? 'S-0138' : 'S-0139',
        draft,
        view,
        sql,
        a,
        b: isSame ? a : { ...a, updates: 7_972, total: 9_053 + (has(draft, 'WRONG') ? 1 : 0), p2: 596 },
        rows: whatIfViews.map((one) => ({ view: one, a: 9_000, b: isSame || one === 'properties_to_update' ? 9_000 : one === 'properties_to_create' ? 7_999 : 9_012 })),
        unchanged: 9_061 - found.leave - found.change,
        ...found,
        unknown: isSame ? 0 : 1,
        kinds: isSame
          ? []
          : [
              { ...idv, a: 'TRUE', b: 'FALSE', count: 142, example: second },
              { ...bank, a: 'TRUE', b: 'FALSE', count: 61, example: first },
              { field: 'Name', label: 'Name', a: 'value', b: 'blank', count: 2, example: third },
            ],
        seconds: 2.1,
      };
    },
    'whatIf.records': ({ state: wanted, field, after, limit = 200 }: CallInput<'whatIf.records'>): CallOutput<'whatIf.records'> => {
      const found = records.filter((record) => (wanted === undefined || record.state === wanted) && (field === undefined || record.fields.some((one) => one.field === field)));
      const from = Number(after ?? 0);
      return { total: found.length, items: found.slice(from, from + limit), next: from + limit < found.length ? String(from + limit) : null };
    },
    'whatIf.export': (): CallOutput<'whatIf.export'> => {
      if (state.readOnly) throw failure('refused', 'This Countersign is read only, and an export is an event of the audit log.', 'read-only');
      return { file: 'comparison of rules.csv', records: records.length };
    },
  };
}
