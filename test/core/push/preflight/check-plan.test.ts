import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrgObject } from '../../../../electron/core/org-ports.ts';
import { createPlanCheck, type FoundProblem } from '../../../../electron/core/push/preflight/check-plan.ts';
import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { PlanRecord } from '../../../../shared/domain/plan.ts';
import { keyOf, mapping, plannedCreate, plannedUpdate, planOf, recordIdOf } from '../push-workbench.ts';
import { describedObject } from './described-object.ts';

function problemsOf(org: OrgObject, plan: readonly PlanRecord[]): FoundProblem[] {
  const check = createPlanCheck(mapping, org);
  for (const record of plan) check.add(record);
  return check.problems();
}

const told = (problems: readonly FoundProblem[]) => problems.map(({ problem, field, count, keys }) => `${problem} ${field} ${count}: ${keys.join(', ')}`);

const updateTo = (number: number, field: string, after: FieldValue) => plannedUpdate(number, { fields: { [field]: { before: null, after } } });
const createWith = (number: number, fields: Record<string, FieldValue>) =>
  plannedCreate(number, { fields: Object.fromEntries(Object.entries({ Name: `New ${number}`, ...fields }).map(([field, after]) => [field, { before: null, after }])) });

describe('A plan that the org can hold', () => {
  it('has no problem', () => {
    expect(problemsOf(describedObject(), planOf(3, 3))).toEqual([]);
  });

  it('may fill fields to their last character, and a character of two units is one', () => {
    const org = describedObject({ fields: { City__c: { length: 3 } } });
    expect(problemsOf(org, [updateTo(1, 'City__c', 'abc'), updateTo(2, 'City__c', '😀😀😀'), updateTo(3, 'City__c', 'abc \n')])).toEqual([]);
    expect(told(problemsOf(org, [updateTo(1, 'City__c', '😀😀😀😀'), updateTo(2, 'City__c', 'abcd')]))).toEqual(['text-too-long City__c 2: old-00001, old-00002']);
  });

  it('may blank what can be blank and leave out what the org fills by itself', () => {
    const org = describedObject({ fields: { Filled__c: { nillable: false, defaultedOnCreate: true }, Seen__c: { nillable: false, createable: false } } });
    expect(problemsOf(org, [plannedCreate(1), updateTo(1, 'City__c', null)])).toEqual([]);
  });

  it('needs no unique external id as long as it creates nothing', () => {
    expect(problemsOf(describedObject({ fields: { [mapping.keyField]: { unique: false } } }), planOf(0, 2))).toEqual([]);
  });
});

describe('A plan that the org cannot hold', () => {
  const cases: [string, OrgObject, PlanRecord[], string[]][] = [
    ['writes a field that is gone', describedObject({ fields: { City__c: null } }), planOf(1, 1), ['field-missing City__c 2: new-00001, old-00001']],
    ['looks records up by a field that is gone', describedObject({ fields: { Zip__c: null } }), planOf(1, 1), ['field-missing Zip__c 1: new-00001']],
    ['has no key field', describedObject({ fields: { [mapping.keyField]: null } }), planOf(1, 1), [`field-missing ${mapping.keyField} 2: new-00001, old-00001`]],
    ['creates what this user may not create', describedObject({ createable: false }), planOf(2, 1), ['object-not-createable Product_Property__c 2: new-00001, new-00002']],
    ['updates what this user may not update', describedObject({ updateable: false }), planOf(1, 1), ['object-not-updateable Product_Property__c 1: old-00001']],
    ['writes a field that this user sees only', describedObject({ fields: { City__c: { createable: false, updateable: false } } }), planOf(1, 1), ['field-not-createable City__c 1: new-00001', 'field-not-updateable City__c 1: old-00001']],
    ['changes a field that can be set in new records only', describedObject({ fields: { City__c: { updateable: false } } }), planOf(1, 1), ['field-not-updateable City__c 1: old-00001']],
    ['writes a formula', describedObject({ fields: { City__c: { calculated: true, createable: false, updateable: false } } }), planOf(1, 0), ['field-calculated City__c 1: new-00001']],
    ['creates by a key that is not unique', describedObject({ fields: { [mapping.keyField]: { unique: false } } }), planOf(1, 1), [`key-not-unique ${mapping.keyField} 1: new-00001`]],
    ['creates by a key that is no external id', describedObject({ fields: { [mapping.keyField]: { externalId: false } } }), planOf(1, 1), [`key-not-unique ${mapping.keyField} 1: new-00001`]],
    ['creates by a key that this user may not set', describedObject({ fields: { [mapping.keyField]: { createable: false } } }), planOf(1, 0), [`field-not-createable ${mapping.keyField} 1: new-00001`]],
    ['has a key longer than the field', describedObject({ fields: { [mapping.keyField]: { length: 8 } } }), planOf(1, 1), [`text-too-long ${mapping.keyField} 1: new-00001`]],
    ['leaves out a field that became required', describedObject({ fields: { Region__c: { nillable: false } } }), planOf(2, 1), ['required-blank Region__c 2: new-00001, new-00002']],
    ['creates with a blank in a required field', describedObject(), [createWith(1, { Name: null })], ['required-blank Name 1: new-00001']],
    ['blanks a field that cannot be blank', describedObject({ fields: { City__c: { nillable: false } } }), [updateTo(1, 'City__c', null)], ['null-not-allowed City__c 1: old-00001']],
    ['blanks a field in a create that the org would have filled', describedObject({ fields: { City__c: { nillable: false, defaultedOnCreate: true } } }), [createWith(1, { City__c: null })], ['null-not-allowed City__c 1: new-00001']],
    ['has a value that a restricted picklist does not have, letter by letter', describedObject({ fields: { State__c: { type: 'picklist', restrictedPicklist: true, picklistValues: ['TX', 'CO'] } } }), [updateTo(1, 'State__c', 'TX'), updateTo(2, 'State__c', 'tx'), updateTo(3, 'State__c', 'NY')], ['picklist-value State__c 2: old-00002, old-00003']],
    ['writes a text where the org has a checkbox', describedObject({ fields: { City__c: { type: 'boolean' } } }), [updateTo(1, 'City__c', 'Austin')], ['type-mismatch City__c 1: old-00001']],
    ['writes a text where the org has a number', describedObject({ fields: { Zip__c: { type: 'double' } } }), [updateTo(1, 'Zip__c', '78701')], ['type-mismatch Zip__c 1: old-00001']],
    ['writes no truth value into a checkbox', describedObject(), [updateTo(1, 'Bank_Linking_Enabled__c', 'true'), updateTo(2, 'Bank_Linking_Enabled__c', null)], ['type-mismatch Bank_Linking_Enabled__c 2: old-00001, old-00002']],
    ['writes no instant into a date-time', describedObject(), [updateTo(1, 'Bank_Linking_Enabled_At__c', 'yesterday'), updateTo(2, 'Bank_Linking_Enabled_At__c', 5)], ['type-mismatch Bank_Linking_Enabled_At__c 2: old-00001, old-00002']],
    ['updates one record twice, by either spelling of its Id', describedObject(), [plannedUpdate(1), plannedUpdate(2, { recordId: `${recordIdOf(1)}AAA` }), plannedUpdate(3, { recordId: recordIdOf(1) })], ['duplicate-record Id 3: old-00001, old-00002, old-00003']],
  ];

  it.each(cases)('%s', (_name, org, plan, expected) => {
    expect(told(problemsOf(org, plan))).toEqual(expected);
  });

  it('names the first twenty records and counts all', () => {
    const [found] = problemsOf(describedObject({ fields: { City__c: null } }), planOf(0, 300));
    expect(found).toMatchObject({ problem: 'field-missing', field: 'City__c', count: 300 });
    expect(found?.keys).toEqual(Array.from({ length: 20 }, (_, index) => keyOf('update', index + 1)));
  });
});

describe('Keys of a plan', () => {
  const folding = describedObject({ fields: { [mapping.keyField]: { caseSensitive: false } } });
  const plan = ['A-1', 'a-1', 'b-2'].map((key, index) => plannedCreate(index + 1, { key }));

  it('that differ in letter case only are one key where the field does not tell them apart', () => {
    expect(problemsOf(describedObject(), plan)).toEqual([]);
    expect(told(problemsOf(folding, plan))).toEqual([`duplicate-key ${mapping.keyField} 2: A-1, a-1`]);
  });

  it('of a create and of an update are one key, too', () => {
    expect(told(problemsOf(folding, [plannedCreate(1, { key: 'K-1' }), plannedUpdate(1, { key: 'k-1' })]))).toEqual([`duplicate-key ${mapping.keyField} 2: K-1, k-1`]);
  });

  it('Row 18: every key that is there twice is named, and no other', () => {
    const letters = fc.constantFrom('a', 'A', 'b', 'B');
    fc.assert(
      fc.property(fc.array(fc.array(letters, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')), { maxLength: 19 }), fc.boolean(), (keys, caseSensitive) => {
        const org = describedObject({ fields: { [mapping.keyField]: { caseSensitive } } });
        const fold = (key: string) => (caseSensitive ? key : key.toLowerCase());
        const twice = keys.filter((key) => keys.filter((other) => fold(other) === fold(key)).length > 1);
        const found = problemsOf(org, keys.map((key, index) => plannedCreate(index + 1, { key })));
        expect(found.flatMap((each) => each.keys).toSorted()).toEqual(twice.toSorted());
      }),
    );
  });
});
