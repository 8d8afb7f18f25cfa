import type { Selection } from '../../../shared/domain/selection.ts';
import { AppFailure } from '../app-failure.ts';
import type { Cache, Chosen } from '../ports.ts';

const mostTries = 5;

/**
 * Does something to the records of a selection. Those of a filter are chosen first, and chosen again when a decision of somebody else
 * or a refresh comes in between.
 *
 * Errors: those of `work`; `selection-changed` when it is overtaken again and again.
 */
export async function withChosen<T>(cache: Cache, selection: Selection, work: (chosen: Chosen | null) => Promise<T>): Promise<T> {
  if ('items' in selection) return work(null);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(await cache.choose(selection));
    } catch (error) {
      if (attempt === mostTries || !(error instanceof AppFailure) || error.error.details['isOutdated'] !== true) throw error;
    }
  }
}
