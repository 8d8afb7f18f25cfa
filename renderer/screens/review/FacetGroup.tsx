import { memo, useId, useState } from 'react';
import { parseFilter, type FilterTerm } from '../../../shared/domain/filter.ts';
import type { Mapping } from '../../../shared/domain/mapping.ts';
import { useStoredFlag } from '../../app/use-stored-flag.ts';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { filterValueWords, filterWords } from '../../words/filters.ts';
import { choicesOf, type Fact, type FacetKind } from './facet-groups.ts';
import { FacetValue } from './FacetValue.tsx';
import css from './Facets.module.css';

const shownAtFirst = 6;
const noFields: Mapping['fields'] = [];

interface FacetGroupProps {
  group: FacetKind;
  facts: readonly Fact[];
  /** The group's own terms as an expression: as text, so that another filter does not draw the group anew. */
  filter: string;
  fields: Mapping['fields'] | undefined;
}

function termsOf(filter: string): readonly FilterTerm[] {
  const parsed = parseFilter(filter);
  return parsed.ok ? parsed.terms : [];
}

/** The values of one filter with their counts, under a heading that folds them. */
export const FacetGroup = memo(function FacetGroup({ group, facts, filter, fields = noFields }: FacetGroupProps) {
  const { name, search } = group;
  const [isUnfolded, setUnfolded] = useStoredFlag(`countersign.filters.${name}`, group.isOpen === true);
  const [isWhole, setWhole] = useState(false);
  const [sought, setSought] = useState('');
  const id = useId();
  const terms = termsOf(filter);
  const choices = choicesOf(group, facts, terms);
  if (choices.length === 0) return null;
  const labelOf = (field: string) => fields.find((mapped) => mapped.field === field)?.label ?? field;
  const stateOf = (value: string): 'in' | 'out' | null => {
    const term = terms.find((one) => one.value === value);
    return term ? (term.negated ? 'out' : 'in') : null;
  };
  const title = filterWords[name];
  const isOpen = isUnfolded || terms.length > 0;
  const named = choices.map((choice) => ({ ...choice, words: filterValueWords(name, choice.value, labelOf), state: stateOf(choice.value) }));
  const isSearchable = search !== undefined && choices.length > shownAtFirst;
  const needle = isSearchable ? sought.trim().toLowerCase() : '';
  const shown = named.filter((choice, at) => choice.state !== null || (needle === '' ? isWhole || at < shownAtFirst : choice.words.toLowerCase().includes(needle)));
  return (
    <div className={css['group']} role="group" aria-label={title}>
      <h3>
        <button type="button" aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} aria-disabled={terms.length > 0 || undefined} title={terms.length > 0 ? 'Open as long as the filter has one of its values' : undefined} onClick={() => terms.length === 0 && setUnfolded(!isUnfolded)}>
          <Icon name={isOpen ? 'minus' : 'plus'} size="sm" />
          {title}
        </button>
      </h3>
      {isOpen && (
        <div id={id}>
          {isSearchable && <input className={`input ${css['find'] ?? ''}`} type="search" aria-label={search} placeholder="Find" value={sought} spellCheck={false} onChange={(event) => setSought(event.target.value)} />}
          {shown.map(({ value, words, count, state }) => (
            <FacetValue key={value} name={name} value={value} words={words} count={count} state={state} />
          ))}
          {shown.length === 0 && <p className={css['none']}>Nothing has this in its name.</p>}
          {needle === '' && choices.length > shown.length && (
            <Button size="small" look="quiet" onClick={() => setWhole(true)}>
              {choices.length - shown.length} more
            </Button>
          )}
        </div>
      )}
    </div>
  );
});
