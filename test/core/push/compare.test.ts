import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCreate, compareUpdate, differsAfterWrite, type EarlierTry } from '../../../electron/core/push/compare.ts';
import type { OrgRecord } from '../../../electron/core/org-ports.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import { keyOf, mapping, plannedCreate, plannedUpdate } from './push-workbench.ts';

const firstTry: EarlierTry = { maybeOurs: false, sent: null };
const fields = ['City__c', 'State__c', 'Zip__c', 'Bank_Linking_Enabled__c'] as const;

/** Spellings that Salesforce may give for the same value. */
const spellings = (value: FieldValue): fc.Arbitrary<FieldValue> => {
  if (value === null) return fc.constantFrom<FieldValue>(null, '', '  ');
  return typeof value === 'string' ? fc.constantFrom<FieldValue>(value, ` ${value}`, `${value}\t`) : fc.constant(value);
};

const textValue = fc.constantFrom<FieldValue>(null, 'Austin', 'Boston', 'austin');
const pairOf = (value: fc.Arbitrary<FieldValue>) => fc.tuple(value, value).filter(([before, after]) => before !== after);
const planned = fc.record({ City__c: pairOf(textValue), State__c: pairOf(textValue), Zip__c: pairOf(textValue), Bank_Linking_Enabled__c: pairOf(fc.boolean()) });
const placeOf = fc.constantFrom('reviewed', 'proposed', 'other');

/** A plan with, per field, where Salesforce stands now. */
const situation = fc
  .tuple(planned, fc.record({ City__c: placeOf, State__c: placeOf, Zip__c: placeOf, Bank_Linking_Enabled__c: fc.constantFrom('reviewed', 'proposed') }))
  .chain(([values, places]) => {
    const now = fields.map((field) => {
      const [before, after] = values[field];
      return places[field] === 'other' ? fc.constant<FieldValue>('Elsewhere') : spellings(places[field] === 'reviewed' ? before : after);
    });
    return fc.tuple(...now).map((found) => ({
      plan: plannedUpdate(1, { fields: Object.fromEntries(fields.map((field) => [field, { before: values[field][0], after: values[field][1] }])) }),
      found: { Id: 'a0P000000000001', Snappt_Property_ID__c: keyOf('update', 1), ...Object.fromEntries(fields.map((field, index) => [field, found[index] ?? null])) } as OrgRecord,
      places,
    }));
  });

describe('The three-way compare of an update', () => {
  it('sends exactly the fields that stand as reviewed, unless any stands elsewhere', () => {
    fc.assert(
      fc.property(situation, ({ plan, found, places }) => {
        const verdict = compareUpdate(mapping, plan, found, firstTry);
        const at = (place: string) => fields.filter((field) => places[field] === place);
        if (at('proposed').length === fields.length) expect(verdict).toMatchObject({ verdict: 'settled', state: 'skipped', code: 'ALREADY_EQUAL' });
        else if (at('other').length > 0) expect(verdict).toMatchObject({ verdict: 'settled', state: 'stale', code: 'CHANGED_SINCE_REVIEW', fields: at('other') });
        else expect(verdict).toEqual({ verdict: 'send', fields: at('reviewed') });
      }),
      { numRuns: 300 },
    );
  });

  it('believes after a lost answer only in wholly written or wholly untouched', () => {
    fc.assert(
      fc.property(situation, fc.subarray([...fields], { minLength: 1 }), ({ plan, found, places }, sentFields) => {
        const sent = Object.fromEntries(sentFields.map((field) => [field, plan.fields[field]?.after ?? null]));
        const verdict = compareUpdate(mapping, plan, found, { maybeOurs: true, sent });
        const untouched = fields.every((field) => places[field] === (sentFields.includes(field) ? 'reviewed' : 'proposed'));
        if (fields.every((field) => places[field] === 'proposed')) expect(verdict).toMatchObject({ state: 'succeeded' });
        else if (untouched) expect(verdict).toEqual({ verdict: 'send', fields: fields.filter((field) => sentFields.includes(field)) });
        else expect(verdict).toMatchObject({ state: 'stale', code: 'CHANGED_SINCE_REVIEW' });
      }),
      { numRuns: 300 },
    );
  });

  it('calls a record that is gone, or that carries another key, stale', () => {
    expect(compareUpdate(mapping, plannedUpdate(1), null, firstTry)).toMatchObject({ state: 'stale', code: 'ENTITY_IS_DELETED' });
    const other = { Id: 'a0P000000000001', Snappt_Property_ID__c: 'OLD-00001', City__c: 'Boston' } as OrgRecord;
    expect(compareUpdate(mapping, plannedUpdate(1), other, firstTry)).toMatchObject({ state: 'stale', code: 'KEY_CHANGED', now: { Snappt_Property_ID__c: 'OLD-00001' } });
  });

  it('compares instants by the second and in any zone', () => {
    const plan = plannedUpdate(1, { fields: { Bank_Linking_Enabled_At__c: { before: null, after: '2026-01-02T03:04:05.000Z' } } });
    const found = { Id: 'x', Snappt_Property_ID__c: keyOf('update', 1), Bank_Linking_Enabled_At__c: '2026-01-02T04:04:05.000+0100' } as OrgRecord;
    expect(compareUpdate(mapping, plan, found, firstTry)).toMatchObject({ state: 'skipped' });
  });
});

describe('The compare of a create', () => {
  const plan = plannedCreate(1);
  const equal = { Id: 'a0P000000000009', Name: 'New 1', City__c: 'Austin', Bank_Linking_Enabled__c: true, Bank_Linking_Enabled_At__c: '2026-01-02T03:04:05.000Z' } as OrgRecord;

  it('sends what is not there and never turns into an update', () => {
    expect(compareCreate(mapping, plan, null, firstTry)).toEqual({ verdict: 'send', fields: Object.keys(plan.fields) });
    expect(compareCreate(mapping, plan, { ...equal, City__c: 'Dallas' }, firstTry)).toMatchObject({ state: 'stale', code: 'ALREADY_EXISTS', fields: ['City__c'] });
    expect(compareCreate(mapping, plan, { ...equal, Zip__c: '78701' }, firstTry)).toMatchObject({ state: 'stale', code: 'ALREADY_EXISTS', fields: ['Zip__c'] });
    expect(compareCreate(mapping, plan, equal, firstTry)).toMatchObject({ state: 'skipped', salesforceId: 'a0P000000000009' });
  });

  it('recognises its own lost call by what was sent', () => {
    const lost: EarlierTry = { maybeOurs: true, sent: {} };
    expect(compareCreate(mapping, plan, { ...equal, State__c: 'a default of the org' }, lost)).toMatchObject({ state: 'succeeded', salesforceId: 'a0P000000000009' });
    expect(compareCreate(mapping, plan, { ...equal, City__c: null }, lost)).toMatchObject({ state: 'stale', code: 'ALREADY_EXISTS' });
  });
});

describe('The read-back', () => {
  it('names the fields that differ; the key counts letter by letter', () => {
    const sent = { Snappt_Property_ID__c: 'a ', City__c: 'Austin ', Zip__c: null };
    expect(differsAfterWrite(mapping, sent, { Snappt_Property_ID__c: 'a ', City__c: 'Austin', Zip__c: '' })).toEqual([]);
    expect(differsAfterWrite(mapping, sent, { Snappt_Property_ID__c: 'A ', City__c: 'austin', Zip__c: '1' })).toEqual(['Snappt_Property_ID__c', 'City__c', 'Zip__c']);
  });
});
