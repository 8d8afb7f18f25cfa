import { toLongId } from '../org/salesforce-id.ts';
import { inventTexts, shortAddress, type PropertyTexts } from './places.ts';
import { createRandom, scatter, type Random } from './random.ts';
import { leftAlone } from './sample-extras.ts';
import { isChosen, type SamplePlan } from './sample-plan.ts';
import { createTwists, updateTwists, type Twist } from './sample-twists.ts';
import {
  equalRecord,
  featureRows,
  inventFeatures,
  inventInstant,
  letRecordLag,
  sampleIds,
  sampleProperty,
  type FeatureDates,
  type SampleIds,
  type SampleUnit,
} from './sample-unit.ts';

/**
 * Invents the sample, unit after unit; the same plan and seed always give the same units.
 *
 * Shape:  nothing is held, so that a million properties stream. Units come in no order that matters.
 */
export function* sampleUnits(plan: SamplePlan, seed: number): Generator<SampleUnit, void, undefined> {
  const ids = sampleIds(seed);
  let units = 0;
  const random = (): Random => {
    units += 1;
    return createRandom(scatter(units + scatter(seed)));
  };
  yield* creates(plan, ids, random);
  yield* updates(plan, ids, random);
  for (let count = 0; count < plan.unchanged; count += 1) yield unchanged(ids, random(), count);
  yield* leftAlone(plan, ids, random());
}

function* creates(plan: SamplePlan, ids: SampleIds, random: () => Random): Generator<SampleUnit> {
  const singles = Math.max(0, plan.creates - plan.twoActiveCreates - plan.pairCreates);
  const twist = twistsFor(createTwists, singles);
  for (let count = 0; count < plan.creates; count += 1) {
    const chance = random();
    const dates = isChosen(count, plan.p1, plan.creates) ? inventFeatures(chance, 'identity_verification') : {};
    const single = count - (plan.creates - singles);
    if (count < plan.twoActiveCreates) {
      yield twoActive(ids, chance, dates).unit;
    } else if (single < 0) {
      yield withOthers(ids, chance, dates, 1).unit;
    } else {
      const sfdcId = chance.chance(0.1) ? ids.production() : null;
      const { unit } = lone(ids, chance, dates, sfdcId);
      twist(single)?.(unit, { ids, random: chance });
      yield unit;
    }
  }
}

function* updates(plan: SamplePlan, ids: SampleIds, random: () => Random): Generator<SampleUnit> {
  let updated = 0;
  const left = (): number => plan.updates - updated;
  /** Whether the next update changes a flag. */
  const nextChangesFlag = (): boolean => {
    const chosen = isChosen(updated, plan.flagUpdates, plan.updates);
    updated += 1;
    return chosen;
  };
  if (left() > 0) {
    nextChangesFlag();
    yield parkKennedy(ids, random());
  }
  for (let count = 0; count < plan.twoRecordGroups && left() > 1; count += 1) {
    yield staged(ids, random(), [nextChangesFlag(), nextChangesFlag()], (chance, dates) => withOthers(ids, chance, dates, 1));
  }
  for (let count = 0; count < plan.twoActiveUpdates && left() > 0; count += 1) {
    yield staged(ids, random(), [nextChangesFlag()], (chance, dates) => twoActive(ids, chance, dates));
  }
  const groups = [plan.pairs - plan.pairCreates, plan.triples, plan.quadruples];
  for (const [at, groupCount] of groups.entries()) {
    for (let count = 0; count < groupCount && left() > 0; count += 1) {
      yield staged(ids, random(), [nextChangesFlag()], (chance, dates) => withOthers(ids, chance, dates, at + 1));
    }
  }
  const singles = left();
  const twist = twistsFor(updateTwists, singles);
  for (let count = 0; count < singles; count += 1) {
    const applied = twist(count);
    const chance = random();
    const sfdcId = applied !== undefined || chance.chance(0.85) ? ids.production() : null;
    const unit = staged(ids, chance, [nextChangesFlag()], (chance, dates) => lone(ids, chance, dates, sfdcId));
    const record = unit.records[0];
    if (applied !== undefined && record !== undefined) {
      record.Address__c = shortAddress(unit.properties[0]?.address ?? '');
      applied(unit, { ids, random: chance });
    }
    yield unit;
  }
}

/** A unit without records, with the values that are proposed for it. */
interface Proposed {
  unit: SampleUnit;
  texts: PropertyTexts;
  dates: FeatureDates;
  /** Production id as Salesforce has it. */
  carries: string | null;
}

/** Adds a record for the first property, and for the second where two are asked for; each lags behind. */
function staged(
  ids: SampleIds,
  random: Random,
  flags: readonly boolean[],
  propose: (random: Random, dates: FeatureDates) => Proposed,
): SampleUnit {
  const must = flags.includes(true) ? 'identity_verification' : null;
  const { unit, texts, dates, carries } = propose(random, inventFeatures(random, must));
  for (const [at, changesFlag] of flags.entries()) {
    const key = unit.properties[at]?.id ?? null;
    const record = equalRecord(random, ids, { key, carries, texts, dates });
    letRecordLag(record, dates, random, changesFlag);
    unit.records.push(record);
  }
  return unit;
}

function lone(ids: SampleIds, random: Random, dates: FeatureDates, sfdcId: string | null): Proposed {
  const texts = inventTexts(random);
  const property = sampleProperty(random, ids, texts, { sfdcId: shortened(random, sfdcId) });
  const unit = { properties: [property], features: featureRows(random, property.id, dates), records: [] };
  return { unit, texts, dates, carries: sfdcId };
}

/** One ACTIVE property and others that are not, often updated later, sharing a production id. */
function withOthers(ids: SampleIds, random: Random, dates: FeatureDates, others: number): Proposed {
  const sfdcId = ids.production();
  const proposed = lone(ids, random, dates, sfdcId);
  for (let count = 0; count < others; count += 1) {
    const texts = random.chance(0.5) ? { ...proposed.texts } : inventTexts(random);
    const other = sampleProperty(random, ids, texts, { status: 'DISABLED', sfdcId: shortened(random, sfdcId) });
    proposed.unit.properties.push(other);
    proposed.unit.features.push(...featureRows(random, other.id, {}));
  }
  return proposed;
}

/** Two ACTIVE properties sharing a production id: features from both, texts from the one updated last. */
function twoActive(ids: SampleIds, random: Random, dates: FeatureDates): Proposed {
  const sfdcId = ids.production();
  const texts = inventTexts(random);
  const first = sampleProperty(random, ids, texts, { sfdcId });
  const second = sampleProperty(random, ids, { ...texts, name: `${texts.name} II` }, { sfdcId: sfdcId.slice(0, 15) });
  first.updated_at = inventInstant(random, 1_000, 1_090);
  second.updated_at = inventInstant(random, 880, 1_000);
  if (random.chance(0.15)) {
    // A tie: the smaller id is the primary.
    second.updated_at = first.updated_at;
    if (second.id < first.id) [first.id, second.id] = [second.id, first.id];
  }
  const later: FeatureDates = {};
  const earlier: FeatureDates = {};
  for (const [code, date] of Object.entries(dates) as [keyof FeatureDates, string | null][]) {
    const owner = random.integer(3);
    if (owner !== 1) earlier[code] = date;
    if (owner === 1) later[code] = date;
    else if (owner === 2) later[code] = inventInstant(random, 1_001, 1_090);
  }
  const features = [...featureRows(random, first.id, earlier), ...featureRows(random, second.id, later)];
  return { unit: { properties: [first, second], features, records: [] }, texts, dates, carries: sfdcId };
}

/** A record with nothing to send: equal, or with a value that RDS has blank; one property stands in two rows, one has no name. */
function unchanged(ids: SampleIds, random: Random, count: number): SampleUnit {
  const { unit, texts, dates, carries } = lone(ids, random, inventFeatures(random, null), ids.production());
  unit.records.push(equalRecord(random, ids, { key: unit.properties[0]?.id ?? null, carries, texts, dates }));
  const property = unit.properties[0];
  if (property === undefined) return unit;
  if (count % 3 === 1) property.zip = null;
  if (count % 3 === 2) property.city = `\t${texts.city}  `;
  if (count === 3) unit.properties.push({ ...property, name: `${property.name} (before)`, updated_at: '2024-02-02 02:02:02.000000' });
  if (count === 6) property.name = ' \t';
  return unit;
}

/** The worked case: two properties with one production id, ACTIVE with two features and DISABLED with another. */
function parkKennedy(ids: SampleIds, random: Random): SampleUnit {
  const texts: PropertyTexts = {
    name: 'Park Kennedy',
    address: '1245 Kennedy Street',
    city: 'Denver',
    state: 'CO',
    zip: '80204',
    company_id: 'CMP-1204',
    company_name: 'Kennedy Residential LLC',
  };
  const carries = toLongId('a0A5f00000KtPk1');
  const active = { ...sampleProperty(random, ids, texts, { sfdcId: carries }), id: '5b0e1c9a-77d2' };
  const disabled = { ...sampleProperty(random, ids, texts, { sfdcId: carries.slice(0, 15), status: 'DISABLED' }), id: '2d77f0b4-91c3' };
  active.updated_at = '2025-12-02 16:41:07.250114';
  disabled.updated_at = '2025-12-19 09:12:55.003871';
  const dates = { identity_verification: '2025-03-14 15:30:12.408211', bank_linking: '2025-04-02 18:05:44.917003' };
  const record = equalRecord(random, ids, { key: active.id, carries, texts: { ...texts, address: '1245 Kennedy St' }, dates: {} });
  const row = { enabled: true, updated_at: '2025-12-01 00:00:00.000000' };
  return {
    properties: [active, disabled],
    features: [
      { ...row, property_id: active.id, feature_code: 'identity_verification', enabled_at: dates.identity_verification },
      { ...row, property_id: active.id, feature_code: 'bank_linking', enabled_at: dates.bank_linking },
      { ...row, property_id: disabled.id, feature_code: 'fraud_detection', enabled_at: '2025-12-18 11:20:00.000000' },
    ],
    records: [record],
  };
}

/** Half of the production ids are written in their short form. */
function shortened(random: Random, sfdcId: string | null): string | null {
  return sfdcId !== null && random.chance(0.5) ? sfdcId.slice(0, 15) : sfdcId;
}

/** Spreads the ugly cases over the singles, at most every third. */
function twistsFor(twists: readonly Twist[], singles: number): (position: number) => Twist | undefined {
  const stride = Math.max(3, Math.floor(singles / twists.length));
  return (position) => (position % stride === 1 ? twists[(position - 1) / stride] : undefined);
}
