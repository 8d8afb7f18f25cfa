import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { CallOutput } from '../../../shared/contract.ts';
import { formatFilter, type FilterTerm } from '../../../shared/domain/filter.ts';
import { useClient } from '../../api/client-context.tsx';
import { useInfo } from '../../app/use-info.ts';
import { termWords } from '../../words/filters.ts';
import { shapeName } from '../../words/shapes.ts';

type Shapes = CallOutput<'shapes.list'>['shapes'];

/** The shapes that terms name. What a shape is called follows from its id, so one that is known from any list is not asked for again. */
function useNamedShapes(terms: readonly FilterTerm[]): { shapes: Shapes; isAsking: boolean } {
  const client = useClient();
  const queryClient = useQueryClient();
  const ids = [...new Set(terms.flatMap((term) => (term.name === 'shape' ? [term.value] : [])))].sort();
  const { data: shapes = [], isLoading: isAsking } = useQuery({
    queryKey: ['shapes.named', ids],
    queryFn: async ({ signal }) => {
      const known = queryClient.getQueriesData<CallOutput<'shapes.list'>>({ queryKey: ['shapes.list'] }).flatMap(([, list]) => list?.shapes ?? []);
      const named = known.filter((shape) => ids.includes(shape.id));
      if (ids.every((id) => named.some((shape) => shape.id === id))) return named;
      return (await client.call('shapes.list', { filter: formatFilter(ids.map((value) => ({ name: 'shape', value, negated: false }))) }, signal)).shapes;
    },
    enabled: ids.length > 0,
  });
  return { shapes, isAsking };
}

/** Says the terms of a filter in words: fields by their labels, change shapes by what they do. */
export function useTermWords(terms: readonly FilterTerm[]): (term: FilterTerm) => string {
  const mapping = useInfo()?.mapping;
  const { shapes, isAsking } = useNamedShapes(terms);
  const labelOf = (name: string) => mapping?.fields.find((field) => field.field === name)?.label ?? name;
  const nameOf = (id: string) => {
    const shape = shapes.find((known) => known.id === id);
    if (shape && mapping) return shapeName(shape, mapping);
    return isAsking ? '…' : id;
  };
  return (term) => termWords(term, labelOf, nameOf);
}
