import { useCallback, useRef, useState } from 'react';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { addressOf, usePlace } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { useStoredFlag } from '../../app/use-stored-flag.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { Bar } from '../../components/Bar.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import type { GridHandle } from '../../components/Grid.tsx';
import { Link } from '../../components/Link.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { number } from '../../words.ts';
import { Facets } from './Facets.tsx';
import { Inspector } from './Inspector.tsx';
import { Records } from './Records.tsx';
import { SinceLast } from './SinceLast.tsx';
import { nothingSelected, type RowSelection } from './row-selection.ts';
import { useCurrent } from './use-current.ts';
import { useFilter } from './use-filter.ts';
import { usePages } from './use-pages.ts';
import { useReviewCommands } from './use-review-commands.tsx';
import tabsCss from '../../components/Tabs.module.css';
import css from './Review.module.css';

/** How much of the whole snapshot is decided. */
function ReviewProgress() {
  const facets = useQueryCall('pending.facets', { filter: '' }, { keepPrevious: true }).data;
  if (!facets) return null;
  const count = (decision: string) => facets.decision.find((fact) => fact.value === decision)?.count ?? 0;
  const [approved, held, excluded] = [count('approve'), count('hold'), count('exclude')];
  const decided = approved + held + excluded;
  const words = `${number(approved)} approved, ${number(held)} held, ${number(excluded)} excluded`;
  return (
    <div className={css['progress-line']}>
      <span>
        <b>{number(decided)}</b> of {number(facets.total)} decided<span className="wide">: {words}</span>
      </span>
      <Bar
        className={css['progress-bar']}
        label={`Review progress: ${words}, ${number(facets.total - decided)} undecided`}
        total={facets.total}
        parts={[
          { fill: 'approved', count: approved },
          { fill: 'held', count: held },
          { fill: 'excluded', count: excluded },
        ]}
      />
    </div>
  );
}

/** Decide on every pending change with the evidence in view. */
export function ReviewScreen() {
  const info = useInfo();
  const snapshot = info?.snapshot;
  const isSinceLast = usePlace().query.get('view') === 'since';
  return (
    <>
      <PageHead title="Review" actions={<CommandButton id="new-batch" look="primary" popup="dialog" />}>
        <nav className={tabsCss['tabs']} aria-label="Review views">
          <Link className={tabsCss['tab']} to={addressOf('review')} current={isSinceLast ? undefined : 'page'}>
            Records {snapshot && <span className={tabsCss['count']}>{number(snapshot.creates + snapshot.updates)}</span>}
          </Link>
          <Link className={tabsCss['tab']} to={addressOf('review', { view: 'since' })} current={isSinceLast ? 'page' : undefined}>
            Since last snapshot {snapshot && <span className={tabsCss['count']}>{number(snapshot.added + snapshot.changed + snapshot.removed)}</span>}
          </Link>
        </nav>
        {snapshot && <ReviewProgress />}
      </PageHead>
      {info && !snapshot ? (
        <EmptyState icon="snapshot" title="No snapshot yet" actions={<CommandButton id="refresh" look="primary" icon="refresh" />}>
          Countersign compares what the warehouse asks for with what Salesforce holds. Load the first snapshot to see the pending changes.
        </EmptyState>
      ) : (
        snapshot && (isSinceLast ? <SinceLast snapshot={snapshot} /> : <ReviewPanes readOnly={info.readOnly} />)
      )}
    </>
  );
}

function ReviewPanes({ readOnly }: { readOnly: boolean }) {
  const filter = useFilter();
  const listKey = `${filter.list.filter} ${filter.list.sort} ${String(filter.list.descending)}`;
  const [seen, setSeen] = useState({ first: 0, last: 40 });
  const pages = usePages(filter.list, seen.first, seen.last);
  const current = useCurrent(pages, listKey);
  const facetCall = useQueryCall('pending.facets', { filter: filter.list.filter }, { keepPrevious: true });
  const [selected, setSelected] = useState<{ listKey: string; selection: RowSelection }>({ listKey, selection: nothingSelected });
  const selection = selected.listKey === listKey ? selected.selection : nothingSelected;
  const setSelection = useCallback((next: RowSelection) => setSelected({ listKey, selection: next }), [listKey]);
  const [movesOn, setMovesOn] = useStoredFlag('countersign.moves-on', true);
  const [isFiltersOpen, setFiltersOpen] = useState(false);
  const grid = useRef<GridHandle>(null);
  const panes = useRef<HTMLDivElement>(null);
  const onWindow = useCallback((first: number, last: number) => setSeen({ first, last }), []);
  const loaded = pages.itemAt(current.index);
  const item = loaded && current.record && loaded.key === current.record.key && loaded.kind === current.record.kind ? loaded : undefined;
  useReviewCommands({ list: filter.list, pages, current, item, facets: facetCall.data, selection, setSelection, movesOn });
  return (
    <>
      {facetCall.error && <FailureBanner error={errorOf(facetCall.error)} onRetry={() => void facetCall.refetch()} />}
    <div className={css['review']} ref={panes}>
      <Facets facets={facetCall.data} filter={filter} isOpen={isFiltersOpen} onClose={() => setFiltersOpen(false)} />
      <Records
        filter={filter}
        pages={pages}
        current={current}
        facets={facetCall.data}
        selection={selection}
        setSelection={setSelection}
        movesOn={movesOn}
        setMovesOn={setMovesOn}
        onWindow={onWindow}
        onOpenFilters={() => setFiltersOpen((open) => !open)}
        onInspect={() => panes.current?.querySelector<HTMLElement>('[aria-label="Record details"]')?.focus()}
        grid={grid}
        readOnly={readOnly}
      />
      <Inspector record={current.record} onStep={(step) => current.move(Math.max(0, Math.min((pages.total ?? 1) - 1, current.index + step)))} onBack={() => grid.current?.focus()} />
    </div>
    </>
  );
}
