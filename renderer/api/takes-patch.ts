import type { Query } from '@tanstack/react-query';

/**
 * Whether an answer that is kept may be changed in place, to show a step before everything is read again.
 *
 * Shape:  one that nobody looks at and that has to be read again is left alone: a change would count as a fresh answer, and the rest of
 *         it would stay old.
 * Errors: never throws.
 */
export function takesPatch(query: Query): boolean {
  return query.isActive() || !query.state.isInvalidated;
}
