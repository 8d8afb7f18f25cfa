import mapping from '../../electron/core/default-mapping.json' with { type: 'json' };
import { diffRecord } from '../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../shared/domain/field-value.ts';
import { mappingSchema } from '../../shared/domain/mapping.ts';
import { shapeIdOf } from './made-up-shapes.ts';
import type { ExplainedField, PendingDetail, PendingItem, Property } from '../../shared/domain/pending-change.ts';

export const testMapping = mappingSchema.parse(mapping);

const names = ['Park Kennedy', 'The Lofts at Mercer', 'Harbor Point Residences', 'Cedar Ridge Apartments', 'Ashton Brook', 'Meridian at Midtown', 'Copperline Flats', 'Juniper Square', 'Union Station Flats', 'Willow Creek Commons'];
const companies = ['Brightwater Residential', 'Cornerstone Living', 'Halcyon Communities', 'Tessera Management'];
const states = ['CA', 'TX', 'NY', 'WA', 'FL'];

/** A key that no other made-up change has. */
export function keyOf(index: number): string {
  return `p-${String(index).padStart(7, '0')}`;
}

function isCreate(index: number): boolean {
  return index % 9 === 8;
}

function afterOf(index: number): Record<string, FieldValue> {
  const hasFlag = index % 9 === 0 || index % 18 === 8;
  return {
    name: index === 0 ? 'Park Kennedy' : `${names[index % names.length] ?? ''} ${index}`,
    address: `${1000 + index} Kennedy Street`,
    city: index % 50 === 7 ? 'P\u0430rk\u200bville' : 'Springfield',
    state: states[index % states.length] ?? null,
    zip: index % 40 === 3 ? null : '02139',
    company_id: `c-${index % companies.length}`,
    company_name: companies[index % companies.length] ?? null,
    identity_verification_enabled: hasFlag,
    identity_verification_enabled_at: hasFlag ? '2025-03-14T09:00:00.000Z' : null,
    bank_linking_enabled: index === 0,
    bank_linking_enabled_at: index === 0 ? '2025-04-02T00:00:00.000Z' : null,
    payroll_linking_enabled: false,
    payroll_linking_enabled_at: null,
    income_verification_enabled: false,
    income_verification_enabled_at: null,
    fraud_detection_enabled: false,
    fraud_detection_enabled_at: null,
  };
}

function beforeOf(index: number): Record<string, FieldValue> | null {
  if (isCreate(index)) return null;
  const after = afterOf(index);
  const before: Record<string, FieldValue> = {};
  for (const field of testMapping.fields) before[field.field] = after[field.column] ?? null;
  before['Address__c'] = `${1000 + index} Kennedy St`;
  before['Zip__c'] = '02139';
  before['Identity_Verification_Enabled__c'] = false;
  before['Identity_Verification_Enabled_At__c'] = null;
  if (index === 0) {
    before['Bank_Linking_Enabled__c'] = false;
    before['Bank_Linking_Enabled_At__c'] = null;
  }
  return before;
}

function propertyOf(index: number, number: number, isActive: boolean): Property {
  const after = afterOf(index);
  return {
    id: `${keyOf(index)}${number === 0 ? '' : `-${number}`}`,
    name: String(after['name']),
    status: isActive ? 'ACTIVE' : 'DISABLED',
    isActive,
    isPrimary: number === 0,
    updatedAt: isActive ? '2025-12-02T08:00:00.000Z' : '2025-12-19T08:00:00.000Z',
    productionId: 'a0A5f00000KtPk1EAF',
    values: isActive ? after : { ...after, identity_verification_enabled: false, fraud_detection_enabled: true },
  };
}

/** A made-up pending change as the grid shows it. */
export function itemOf(index: number): PendingItem {
  return detailOf(index);
}

const details = new Map<number, PendingDetail>();

/** A made-up pending change with everything the inspector shows. It is made once, so nobody may change it. */
export function detailOf(index: number): PendingDetail {
  const detail = details.get(index) ?? makeUp(index);
  details.set(index, detail);
  return detail;
}

function makeUp(index: number): PendingDetail {
  const kind = isCreate(index) ? 'create' : 'update';
  const after = afterOf(index);
  const diffs = diffRecord(testMapping, kind, beforeOf(index), after);
  const changed = diffs.filter((diff) => diff.change !== 'equal' && diff.change !== 'blank');
  const first = changed.find((diff) => diff.field.includes('Enabled')) ?? changed[0];
  const hasBlocker = index % 100 === 7;
  const contributors = [propertyOf(index, 0, true)];
  const ignored = index % 3 === 0 ? [propertyOf(index, 1, false)] : [];
  const fields: ExplainedField[] = diffs.map((diff, position) => {
    const field = testMapping.fields[position];
    const rule = field?.rule ?? 'primary';
    const hasWinner = rule === 'primary' || (diff.after !== null && diff.after !== false);
    return {
      ...diff,
      type: field?.type ?? 'text',
      rule,
      winner: hasWinner ? keyOf(index) : null,
      losers: ignored.map((property) => ({ id: property.id, value: property.values[field?.column ?? ''] ?? null, reason: 'ignored', loserCompared: null, winnerCompared: null })),
      excluded: null,
    };
  });
  const check = hasBlocker ? 'duplicate-key' : index % 3 === 0 ? 'feature-on-disabled-property' : null;
  return {
    key: keyOf(index),
    kind,
    priority: kind === 'create' ? (after['identity_verification_enabled'] === true ? 'P1' : 'P3') : changed.some((diff) => diff.field.endsWith('Enabled__c')) ? 'P2' : 'P3',
    name: String(after['name']),
    company: String(after['company_name']),
    state: String(after['state']),
    changedFields: changed.map((diff) => diff.field),
    firstChange: first ? { field: first.field, label: first.label, before: first.before, after: first.after } : null,
    contributorCount: contributors.length,
    memberCount: contributors.length + ignored.length,
    checks: check === null ? [] : [check],
    blockers: hasBlocker ? 1 : 0,
    warnings: check !== null && !hasBlocker ? 1 : 0,
    decision: 'none',
    mark: 'unseen',
    without: [],
    shape: shapeIdOf({ kind, memberCount: contributors.length + ignored.length, fields }),
    isOutlier: hasBlocker,
    risk: 'p3',
    outlierReasons: [],
    comments: [],
    contentHash: `hash-${index}`,
    recordId: kind === 'update' ? `a1B5f${String(index).padStart(13, '0')}` : null,
    productionId: 'a0A5f00000KtPk1EAF',
    fields,
    contributors,
    ignored,
    recordChecks: check === null ? [] : [{ id: check, severity: hasBlocker ? 'blocker' : 'warning', meaning: hasBlocker ? 'Two RDS properties have this id' : 'Feature on for a DISABLED property', detail: `${keyOf(index)}-1 has Fraud detection.`, fix: 'Correct it in RDS.' }],
    decisionReason: null,
    decisionBy: null,
    decisionAt: null,
    history: [{ seq: 2, at: '2026-11-23T09:30:00.000Z', actor: 'Countersign', type: 'snapshot.loaded', summary: 'First seen in snapshot S-0001' }],
  };
}
