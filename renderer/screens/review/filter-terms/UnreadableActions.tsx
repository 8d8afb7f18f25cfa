import { CommandButton } from '../../../commands/CommandButton.tsx';
import { Button } from '../../../components/Button.tsx';
import type { Filter } from '../use-filter.ts';

/** The ways on from a filter that cannot be read. */
export function UnreadableActions({ filter }: { filter: Filter }) {
  return (
    <>
      <Button size="small" onClick={() => filter.set([])}>
        Clear filters
      </Button>
      <CommandButton id="filter-terms" size="small" look="quiet" popup="dialog" />
    </>
  );
}
