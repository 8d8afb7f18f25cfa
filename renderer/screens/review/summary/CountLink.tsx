import type { FilterTerm } from '../../../../shared/domain/filter.ts';
import { addressOf } from '../../../app/place.ts';
import { Link } from '../../../components/Link.tsx';
import { number, plural } from '../../../words.ts';
import { narrowFilter, type WantedTerm } from './narrow-filter.ts';

/** A number that opens exactly its records; `of` says which they are. Plain text where a filter cannot name them. */
export function CountLink({ count, terms, wanted, of }: { count: number; terms: readonly FilterTerm[]; wanted: readonly WantedTerm[]; of: string }) {
  const filter = count === 0 ? null : narrowFilter(terms, wanted);
  if (filter === null) return <span title={count === 0 ? undefined : 'A filter cannot name these together with the one above; take that away first.'}>{number(count)}</span>;
  return (
    <Link to={addressOf('review', { filter })} label={`Show ${plural(count, 'record')} ${of}`}>
      {number(count)}
    </Link>
  );
}
