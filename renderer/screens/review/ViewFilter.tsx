import { FilterChips } from './FilterChips.tsx';
import type { Filter } from './use-filter.ts';
import chipsCss from '../../components/FilterChips.module.css';

/** The filter that a view is under, each term with the way to take it away. */
export function ViewFilter({ filter, count }: { filter: Filter; count: string }) {
  return (
    <div className={chipsCss['filter-chips']} role="group" aria-label="Active filters">
      <b className="strong">{count}</b>
      <FilterChips filter={filter} />
    </div>
  );
}
