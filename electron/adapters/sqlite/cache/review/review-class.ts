import { createHash } from 'node:crypto';
import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import type { Kind, PendingItem } from '../../../../../shared/domain/pending-change.ts';
import { transitions, type Transition } from '../../../../../shared/domain/transition.ts';
import { canonicalJson } from '../../../../core/canonical.ts';

/** Kind, priority, risk, transition digits, multi, check ids between bars, has blockers, has warnings. */
export type StoredClass = [Kind, PendingItem['priority'], number, string, number, string, number, number];

/** What all records of one class have in common. */
export interface ReviewClass {
  kind: Kind;
  priority: PendingItem['priority'];
  /** Place in `riskNames`. */
  risk: number;
  /** In the mapping's order; null where nothing changes. */
  transitions: readonly (Transition | null)[];
  isMulti: boolean;
  checks: readonly string[];
  isBlocked: boolean;
  hasWarning: boolean;
  /** Bit i: field i of the mapping is sent. */
  changedMask: number;
  changeCount: number;
  shape: string;
}

/** Reads one stored class. */
export function readClass(mapping: Mapping, facts: string): ReviewClass {
  const [kind, priority, risk, digits, multi, checkIds, blocked, warned] = JSON.parse(facts) as StoredClass;
  const all = Array.from(digits, (digit) => transitions[Number(digit) - 1] ?? null);
  const isMulti = multi === 1;
  const isSent = all.map((transition) => transition !== null && transition !== 'blank');
  return {
    kind,
    priority,
    risk,
    transitions: all,
    isMulti,
    checks: checkIds.split('|').filter((id) => id !== ''),
    isBlocked: blocked === 1,
    hasWarning: warned === 1,
    changedMask: isSent.reduce((mask, sent, field) => (sent ? mask | (1 << field) : mask), 0),
    changeCount: isSent.filter(Boolean).length,
    shape: shapeId(kind, isMulti, mapping.fields.flatMap(({ field }, at): [string, Transition][] => (isSent[at] === true ? [[field, all[at] as Transition]] : []))),
  };
}

/**
 * The id of a change shape.
 *
 * Shape:  10 hexadecimal digits that depend on the kind, on whether there are several properties, and on the fields that are
 *         sent with their transitions; on nothing of one snapshot.
 */
export function shapeId(kind: Kind, isMulti: boolean, fields: readonly (readonly [field: string, transition: Transition])[]): string {
  return createHash('sha256').update(canonicalJson([kind, isMulti, fields]), 'utf8').digest('hex').slice(0, 10);
}
