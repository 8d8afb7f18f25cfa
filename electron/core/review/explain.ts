import type { FieldDiff } from '../../../shared/domain/field-diff.ts';
import { featurePairs } from '../../../shared/domain/feature-pair.ts';
import { normalizeValue, type FieldValue } from '../../../shared/domain/field-value.ts';
import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { ExplainedField, Loser, Property } from '../../../shared/domain/pending-change.ts';

/** One RDS property as the cache keeps it. */
export interface CachedProperty {
  id: string;
  name: string | null;
  status: string | null;
  isActive: boolean;
  /** At the source's full precision. */
  updatedAt: string | null;
  productionId: string | null;
  /** Values in the mapping's order, at the source's full precision. */
  cells: readonly FieldValue[];
}

interface Candidates {
  contributors: readonly CachedProperty[];
  ignored: readonly CachedProperty[];
}

/** Positions in the mapping of the flag and the date that decide. */
interface Feature {
  flag: number | null;
  date: number | null;
}

type Loss = Pick<Loser, 'reason' | 'loserCompared' | 'winnerCompared'>;

/**
 * Says for every mapped field by which rule its value was chosen, who gave it, and why the others did not.
 *
 * Shape:  diffs and winners in the mapping's order. The winner is the view's; nothing here chooses one. Losers: contributors
 *         in the order given, then the ignored members.
 * Errors: never throws. A winner that is not among the contributors leaves the compared values of its losers null.
 */
export function explainFields(mapping: Mapping, diffs: readonly FieldDiff[], winners: readonly (string | null)[], candidates: Candidates): ExplainedField[] {
  const pairs = featurePairs(mapping);
  return mapping.fields.flatMap((field, position) => {
    const diff = diffs[position];
    if (diff === undefined) return [];
    const winnerId = winners[position] ?? null;
    const winner = candidates.contributors.find(({ id }) => id === winnerId) ?? null;
    const pair = pairs.find(({ flag, date }) => flag === position || date === position) ?? {
      flag: field.type === 'flag' ? position : null,
      date: field.type === 'instant' ? position : null,
    };
    const valueOf = (property: CachedProperty): FieldValue => normalizeValue(field.type, property.cells[position]);
    const lossOf = (loser: CachedProperty): Loss => (field.rule === 'primary' ? olderOrLarger(loser, winner) : featureLoss(loser, winner, pair));
    const losers = [
      ...candidates.contributors.filter(({ id }) => id !== winnerId).map((loser) => ({ id: loser.id, value: valueOf(loser), ...lossOf(loser) })),
      ...candidates.ignored.map((loser) => ({ id: loser.id, value: valueOf(loser), reason: 'ignored' as const, loserCompared: loser.status, winnerCompared: null })),
    ];
    return [{ ...diff, type: field.type, rule: field.rule, winner: winnerId, losers, excluded: null }];
  });
}

function olderOrLarger(loser: CachedProperty, winner: CachedProperty | null): Loss {
  if (winner !== null && loser.updatedAt === winner.updatedAt) return largerId(loser, winner);
  return { reason: 'older', loserCompared: loser.updatedAt, winnerCompared: winner?.updatedAt ?? null };
}

function featureLoss(loser: CachedProperty, winner: CachedProperty | null, pair: Feature): Loss {
  const dateOf = (property: CachedProperty | null): string | null => {
    const date = pair.date === null ? null : property?.cells[pair.date];
    return typeof date === 'string' ? date : null;
  };
  const loserDate = dateOf(loser);
  const winnerDate = dateOf(winner);
  if (pair.flag !== null && loser.cells[pair.flag] !== true) return { reason: 'not-enabled', loserCompared: null, winnerCompared: winnerDate };
  if (winner !== null && loserDate === winnerDate) return largerId(loser, winner);
  if (winner === null || loserDate === null) return { reason: 'no-date', loserCompared: null, winnerCompared: winnerDate };
  return { reason: 'later-date', loserCompared: loserDate, winnerCompared: winnerDate };
}

function largerId(loser: CachedProperty, winner: CachedProperty): Loss {
  return { reason: 'larger-id', loserCompared: loser.id, winnerCompared: winner.id };
}

/** A cached property as people see it: every value in the form in which it is compared and sent. */
export function describeProperty(mapping: Mapping, property: CachedProperty, primaryId: string | null): Property {
  return {
    id: property.id,
    name: property.name,
    status: property.status,
    isActive: property.isActive,
    isPrimary: property.id === primaryId,
    updatedAt: property.updatedAt?.replace(/(\.\d{3})\d+Z$/u, '$1Z') ?? null,
    productionId: property.productionId,
    values: Object.fromEntries(mapping.fields.map((field, position) => [field.column, normalizeValue(field.type, property.cells[position])])),
  };
}
