import { isEffective } from '../../shared/domain/field-diff.ts';
import type { ExplainedField, PendingDetail } from '../../shared/domain/pending-change.ts';
import type { Shape } from '../../shared/domain/shape.ts';
import { transitionOf } from '../../shared/domain/transition.ts';

/** The changed fields of a made-up change with their kinds of change. */
export function shapeFieldsOf(fields: readonly ExplainedField[]): Shape['fields'] {
  return fields.flatMap(({ field, label, rule, type, change, before, after }) => {
    const transition = isEffective(change) ? transitionOf(type, change, before, after) : null;
    return transition === null ? [] : [{ field, label, rule, transition }];
  });
}

/** The same for changes of one shape: a short name made from kind, number of properties, fields and kinds of change. */
export function shapeIdOf({ kind, memberCount, fields }: Pick<PendingDetail, 'kind' | 'memberCount' | 'fields'>): string {
  const text = [kind, memberCount > 1, ...shapeFieldsOf(fields).map(({ field, transition }) => `${field}:${transition}`)].join(' ');
  let digest = 0;
  for (const character of text) digest = (Math.imul(digest, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return `s-${digest.toString(36)}`;
}
