import type { Facets } from '../../../shared/contract.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { Button } from '../../components/Button.tsx';
import { number } from '../../words.ts';
import { FilterChips } from './FilterChips.tsx';
import type { Filter } from './use-filter.ts';
import chipsCss from '../../components/FilterChips.module.css';
import css from './Review.module.css';

/** In how far the list is not what the filter finds by now. */
function driftWords(rows: number, total: number): string {
  const count = Math.abs(rows - total);
  return `${number(count)} ${rows > total ? 'no longer' : 'more'} ${count === 1 ? 'matches' : 'match'}`;
}

/** How many match, by which filters, and the way to select them all. `rows`: how many the list has, which stays as it was opened. `hasFailed`: the number will not come. */
export function ActiveFilters({ filter, total, rows, hasFailed, facets, onSelectAll, canSelect }: { filter: Filter; total: number | null; rows: number | null; hasFailed: boolean; facets: Facets | undefined; onSelectAll: () => void; canSelect: boolean }) {
  return (
    <div className={chipsCss['filter-chips']} role="group" aria-label="Active filters">
      {total === null ? (
        <span>{hasFailed ? 'not counted' : 'counting…'}</span>
      ) : (
        <span>
          <b className={css['hits']}>{`${number(total)}${facets ? ` of ${number(facets.total)}` : ''}`}</b> {total === 1 ? 'matches' : 'match'}
        </span>
      )}
      <FilterChips filter={filter} />
      {total !== null && rows !== null && total !== rows && (
        <span className="cluster">
          {driftWords(rows, total)} <CommandButton id="reload-list" size="small" look="quiet" icon="refresh" />
        </span>
      )}
      {canSelect && total !== null && total > 0 && (
        <Button className="end" size="small" look="quiet" onClick={onSelectAll}>
          Select all {number(total)}
        </Button>
      )}
    </div>
  );
}
