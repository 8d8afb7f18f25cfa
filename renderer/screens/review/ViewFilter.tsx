import { useInfo } from '../../app/use-info.ts';
import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import { termWords } from '../../words/filters.ts';
import type { Filter } from './use-filter.ts';
import chipsCss from '../../components/FilterChips.module.css';

/** The filter that a view is under, each term with the way to take it away. */
export function ViewFilter({ filter, count }: { filter: Filter; count: string }) {
  const fields = useInfo()?.mapping.fields ?? [];
  const labelOfField = (name: string) => fields.find((field) => field.field === name)?.label ?? name;
  return (
    <div className={chipsCss['filter-chips']} role="group" aria-label="Active filters">
      <b className="strong">{count}</b>
      {filter.terms.map((term) => {
        const words = termWords(term, labelOfField);
        return (
          <button key={`${term.negated ? '-' : ''}${term.name}:${term.value}`} className={chipsCss['filter-chip']} type="button" aria-label={`Remove filter ${words}`} onClick={() => filter.set(filter.terms.filter((other) => other !== term))}>
            <DataText text={words} />
            <Icon name="x" />
          </button>
        );
      })}
    </div>
  );
}
