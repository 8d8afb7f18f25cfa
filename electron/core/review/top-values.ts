import type { CallParsed } from '../../../shared/contract.ts';
import type { ValueSummary } from '../../../shared/domain/summary.ts';
import { throwIfCancelled } from '../app-failure.ts';
import type { Cache } from '../ports.ts';

const sliceSize = 20_000;

/**
 * Counts the most frequent changes of one field, slice by slice, so that other calls are answered in between.
 *
 * Errors: `cancelled` between slices.
 */
export async function topValues(cache: Cache, { filter, field, limit }: CallParsed<'pending.values'>, signal: AbortSignal): Promise<ValueSummary> {
  const counts = new Map<string, ValueSummary['top'][number]>();
  let records = 0;
  let after: number | null = 0;
  while (after !== null) {
    throwIfCancelled(signal, 'Counting the values');
    const slice: Awaited<ReturnType<Cache['valuesSlice']>> = await cache.valuesSlice({ filter, field, after, limit: sliceSize });
    for (const pair of slice.pairs) {
      const name = JSON.stringify([pair.before, pair.after]);
      const known = counts.get(name);
      if (known === undefined) counts.set(name, { ...pair });
      else known.count += pair.count;
    }
    records += slice.records;
    after = slice.next;
  }
  const top = [...counts.values()].sort((a, b) => b.count - a.count || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)).slice(0, limit);
  return { field, records, pairs: counts.size, top };
}
