import { keyOf, plannedCreate, plannedUpdate, recordIdOf, seededRecord } from '../core/push/push-workbench.ts';
import type { OrgSeedRecord } from '../../electron/sample/org/org-file.ts';
import type { FieldValue } from '../../shared/domain/field-value.ts';
import type { PlanRecord } from '../../shared/domain/plan.ts';

/** How many records are pushed. */
export interface PushSize {
  name: string;
  creates: number;
  updates: number;
}

/** The sample's own sets, and a set of 100,000 in the same proportions. */
export const pushSizes: readonly PushSize[] = [
  { name: 'full set', creates: 1_081, updates: 7_980 },
  { name: '100,000 records', creates: 12_000, updates: 88_000 },
];

const flags = ['Identity_Verification', 'Bank_Linking', 'Payroll_Linking', 'Income_Verification', 'Fraud_Detection'];
const plain = (number: number): Record<string, FieldValue> => ({
  Name: `New ${number}`, Address__c: `${number} Congress Avenue`, City__c: 'Austin', State__c: 'TX', Zip__c: '78701', Company_ID__c: `C-${number % 500}`, Company_Name__c: `Company ${number % 500}`,
  ...Object.fromEntries(flags.flatMap((flag) => [[`${flag}_Enabled__c`, true], [`${flag}_Enabled_At__c`, '2026-01-02T03:04:05.000Z']])),
});

/** What a create writes, without its key. */
export function createValues(number: number): Record<string, FieldValue> {
  return plain(number);
}

/** What an update writes. */
export function updateValues(number: number): Record<string, FieldValue> {
  return { City__c: 'Denver', Company_Name__c: `Company ${number % 500}`, Bank_Linking_Enabled__c: true };
}

/** A create or update as a record of a plan. */
export function benchRecord(kind: 'create' | 'update', number: number): PlanRecord {
  if (kind === 'create') return plannedCreate(number, { fields: Object.fromEntries(Object.entries(plain(number)).map(([field, after]) => [field, { before: null, after }])) });
  const before: Record<string, FieldValue> = { City__c: 'Boston', Company_Name__c: null, Bank_Linking_Enabled__c: false };
  return plannedUpdate(number, { fields: Object.fromEntries(Object.entries(updateValues(number)).map(([field, after]) => [field, { before: before[field] ?? null, after }])) });
}

/** The records of the org that the updates change, one by one. */
export function* benchSeed(updates: number): Generator<OrgSeedRecord> {
  for (let number = 1; number <= updates; number += 1) yield seededRecord(number);
}

export { keyOf, recordIdOf };
