import { inventTexts } from './places.ts';
import type { Random } from './random.ts';
import type { SamplePlan } from './sample-plan.ts';
import { emptyRecord, equalRecord, featureRows, inventFeatures, sampleProperty, type SampleIds, type SampleUnit } from './sample-unit.ts';

/** Below this size a sample has nothing but its creates, updates and unchanged records. */
const smallest = 100;
/** Statuses that are not exactly ACTIVE. */
const otherStatuses = ['active', ' ACTIVE', 'Active', 'PENDING', 'ARCHIVED', null] as const;

/** Units that lead to neither a create nor an update, so that the checks and the "left alone" rules have something to find. */
export function* leftAlone(plan: SamplePlan, ids: SampleIds, random: Random): Generator<SampleUnit> {
  if (plan.activeProperties < smallest) return;
  const disabled = Math.round(plan.activeProperties * 0.04);
  for (let count = 0; count < disabled; count += 1) {
    yield notActive(ids, random, 'DISABLED', { staged: count % 4 === 0, inGroup: count % 3 === 0, featureOn: count < 13 });
  }
  for (const status of otherStatuses) yield notActive(ids, random, status, { staged: false, inGroup: false, featureOn: false });
  for (let count = 0; count < 4; count += 1) yield { properties: [], features: [], records: [strayRecord(ids, random)] };
  for (let count = 0; count < 3; count += 1) {
    yield { properties: [], features: [], records: [{ ...strayRecord(ids, random), IsDeleted: true }] };
  }
  for (let count = 0; count < 4; count += 1) {
    yield { properties: [], features: featureRows(random, ids.property(), inventFeatures(random, 'bank_linking')), records: [] };
  }
  yield keylessCarrier(ids, random);
}

function notActive(
  ids: SampleIds,
  random: Random,
  status: string | null,
  facts: { staged: boolean; inGroup: boolean; featureOn: boolean },
): SampleUnit {
  const texts = inventTexts(random);
  const sfdcId = facts.inGroup ? ids.production() : null;
  const property = { ...sampleProperty(random, ids, texts, { sfdcId }), status };
  const dates = facts.featureOn ? inventFeatures(random, 'fraud_detection') : {};
  const record = equalRecord(random, ids, { key: property.id, carries: sfdcId, texts, dates: {} });
  return { properties: [property], features: featureRows(random, property.id, dates), records: facts.staged ? [record] : [] };
}

/** A record whose property RDS does not know and whose production id, if any, no property has. */
function strayRecord(ids: SampleIds, random: Random) {
  const carries = random.chance(0.5) ? ids.production() : null;
  return equalRecord(random, ids, { key: ids.property(), carries, texts: inventTexts(random), dates: {} });
}

/** A record without key that carries the production id of an ACTIVE property with too long a name: the property is blocked. */
function keylessCarrier(ids: SampleIds, random: Random): SampleUnit {
  const carried = ids.production();
  const texts = inventTexts(random);
  const property = { ...sampleProperty(random, ids, texts, { sfdcId: carried }), name: `${texts.name} ${'and more '.repeat(10)}`.trim() };
  const record = { ...emptyRecord, Id: ids.record(), Name: texts.name, SF_Property_ID__c: carried };
  return { properties: [property], features: [], records: [record] };
}
