import { useDeferredValue } from 'react';
import type { Facets as FacetCounts } from '../../../shared/contract.ts';
import { formatFilter } from '../../../shared/domain/filter.ts';
import { useInfo } from '../../app/use-info.ts';
import { Button } from '../../components/Button.tsx';
import { choicesOf, facetKinds, type FacetKind } from './facet-groups.ts';
import { FacetGroup } from './FacetGroup.tsx';
import type { Filter } from './use-filter.ts';
import css from './Facets.module.css';

interface FacetsProps {
  facets: FacetCounts | undefined;
  /** The counts are those of the filter before. */
  isCounting: boolean;
  /** The counts could not be had. */
  hasFailed: boolean;
  filter: Filter;
  isOpen: boolean;
  onClose: () => void;
}

/** Groups of check boxes; their counts follow the other filters. What is chosen shows at once, the counts come after the rows. */
export function Facets({ facets, isCounting, hasFailed, filter, isOpen, onClose }: FacetsProps) {
  const counts = useDeferredValue(facets);
  const fields = useInfo()?.mapping.fields;
  const termsOf = ({ name }: FacetKind) => filter.terms.filter((term) => term.name === name);
  const isOld = isCounting || counts !== facets || counts === undefined;
  return (
    <section className={css['facets']} aria-label="Filters" aria-busy={isOld && !hasFailed} data-open={isOpen} data-region="">
      <div className={css['head']}>
        <h2>Filters</h2>
        {isOld && <span className={css['counting']}>{hasFailed ? 'not counted' : 'counting…'}</span>}
        <span className="end cluster">
          <Button size="small" look="quiet" onClick={() => filter.set([])}>
            Clear
          </Button>
          {isOpen && <Button size="small" look="quiet" icon="x" label="Close filters" onClick={onClose} />}
        </span>
      </div>
      {counts && facetKinds.every((group) => choicesOf(group, counts[group.name], termsOf(group)).length === 0) && <p className={css['nothing']}>No records to choose among.</p>}
      {counts && facetKinds.map((group) => <FacetGroup key={group.name} group={group} facts={counts[group.name]} filter={formatFilter(termsOf(group))} fields={fields} />)}
    </section>
  );
}
