import { useState } from 'react';
import type { Facets as FacetCounts } from '../../../shared/contract.ts';
import type { FilterName } from '../../../shared/domain/filter.ts';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { filterValueWords, filterWords, number } from '../../words.ts';
import type { Filter } from './use-filter.ts';
import css from './Review.module.css';

const shownAtFirst = 6;
type Fact = FacetCounts['kind'][number];

/** The filters in the order in which they are used most. */
const groups: readonly { name: FilterName; facts: (facets: FacetCounts) => Fact[]; isData?: boolean }[] = [
  { name: 'priority', facts: (facets) => facets.priority },
  { name: 'kind', facts: (facets) => facets.kind },
  { name: 'field', facts: (facets) => facets.field, isData: true },
  { name: 'rule', facts: (facets) => facets.rule },
  { name: 'multi', facts: (facets) => facets.multi },
  { name: 'severity', facts: (facets) => facets.severity },
  { name: 'check', facts: (facets) => facets.check.filter((fact) => fact.count > 0) },
  { name: 'decision', facts: (facets) => facets.decision },
  { name: 'company', facts: (facets) => facets.company, isData: true },
  { name: 'state', facts: (facets) => facets.state, isData: true },
];

function valueOf(name: FilterName, fact: Fact): string {
  return fact.value.startsWith(`${name}:`) ? fact.value.slice(name.length + 1) : fact.value;
}

function FacetGroup({ name, facts, filter, isData }: { name: FilterName; facts: readonly Fact[]; filter: Filter; isData: boolean }) {
  const [isOpen, setOpen] = useState(false);
  if (facts.length === 0) return null;
  const title = name === 'check' ? 'Check' : filterWords[name];
  const shown = isOpen ? facts : facts.filter((fact, index) => index < shownAtFirst || filter.has(name, valueOf(name, fact)));
  return (
    <fieldset className={css['facet']}>
      <legend className="visually-hidden">{title}</legend>
      <h3 aria-hidden="true">{title}</h3>
      {shown.map((fact) => {
        const value = valueOf(name, fact);
        const label = isData ? fact.label : filterValueWords(name, value);
        return (
          <label key={value}>
            <input className="box" type="checkbox" checked={filter.has(name, value)} onChange={() => filter.toggle(name, value)} />
            <span title={label}>{isData ? <DataText text={label} /> : label}</span>
            <span className={css['facet-count']}>{number(fact.count)}</span>
          </label>
        );
      })}
      {facts.length > shown.length && (
        <Button size="small" look="quiet" onClick={() => setOpen(true)}>
          {facts.length - shown.length} more
        </Button>
      )}
    </fieldset>
  );
}

/** Groups of check boxes; their counts follow the other filters. */
export function Facets({ facets, filter, isOpen, onClose }: { facets: FacetCounts | undefined; filter: Filter; isOpen: boolean; onClose: () => void }) {
  return (
    <section className={css['facets']} aria-label="Filters" data-open={isOpen} data-region="">
      <div className={css['facets-head']}>
        <h2>Filters</h2>
        <span className="end cluster">
          <Button size="small" look="quiet" onClick={() => filter.set([])}>
            Clear
          </Button>
          {isOpen && <Button size="small" look="quiet" icon="x" label="Close filters" onClick={onClose} />}
        </span>
      </div>
      {facets ? groups.map((group) => <FacetGroup key={group.name} name={group.name} facts={group.facts(facets)} filter={filter} isData={group.isData === true} />) : <p className={css['counting']}>counting…</p>}
    </section>
  );
}
