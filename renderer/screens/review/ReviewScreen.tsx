import { useCallback, useRef, useState } from 'react';
import type { AppInfo } from '../../../shared/contract.ts';
import type { Snapshot } from '../../../shared/domain/snapshot.ts';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { addressOf, usePlace } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { useStoredFlag } from '../../app/use-stored-flag.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { Bar } from '../../components/Bar.tsx';
import { classNames } from '../../components/class-names.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import type { GridHandle } from '../../components/Grid.tsx';
import { Link } from '../../components/Link.tsx';
import { PaneSeparator } from '../../components/PaneSeparator.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { number } from '../../words.ts';
import { Facets } from './Facets.tsx';
import { Inspector } from './Inspector.tsx';
import { Records } from './Records.tsx';
import { ShapesView } from './shapes/ShapesView.tsx';
import { useSavedViews } from './saved-views/use-saved-views.tsx';
import { SinceLast } from './since-last/SinceLast.tsx';
import { nothingSelected, type RowSelection } from './row-selection.ts';
import { SummaryView } from './summary/SummaryView.tsx';
import { recordIn, useCurrent } from './use-current.ts';
import { useFilter } from './use-filter.ts';
import { useOpenedList } from './use-opened-list.ts';
import { pagesAround, usePages, windowOfRows } from './use-pages.ts';
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
        <b>{number(decided)}</b> of {number(facets.total)} decided
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
      <span className="wide">{words}</span>
    </div>
  );
}

const views = ['records', 'summary', 'shapes', 'since'] as const;
type View = (typeof views)[number];

/** The views of what is pending; a filter goes along from view to view. */
function ViewTabs({ view, snapshot }: { view: View; snapshot: Snapshot | null }) {
  const filter = usePlace().query.get('filter');
  const shapes = useQueryCall('shapes.list', { filter: filter ?? '' }, { enabled: view === 'shapes' }).data?.shapes.length;
  const tabs: { id: View; words: string; to: string; count?: number | undefined }[] = [
    { id: 'records', words: 'Records', to: addressOf('review', { filter }), count: snapshot ? snapshot.creates + snapshot.updates : undefined },
    { id: 'summary', words: 'Summary', to: addressOf('review', { view: 'summary', filter }) },
    { id: 'shapes', words: 'Change shapes', to: addressOf('review', { view: 'shapes', filter }), count: filter === null ? shapes : undefined },
    { id: 'since', words: 'Since last snapshot', to: addressOf('review', { view: 'since' }), count: snapshot ? snapshot.added + snapshot.changed + snapshot.removed : undefined },
  ];
  return (
    <nav className={tabsCss['tabs']} aria-label="Review views">
      {tabs.map((tab) => (
        <Link key={tab.id} className={tabsCss['tab']} to={tab.to} current={tab.id === view ? 'page' : undefined}>
          {tab.words} {tab.count !== undefined && <span className={classNames(tabsCss['count'], tab.id === 'records' && 'wide')}>{number(tab.count)}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** Before the core has answered once, and where it could not. */
function Opening() {
  const hasFailed = useQueryCall('app.info', {}, { keepPrevious: true }).error !== null;
  if (!hasFailed) return <EmptyState icon="review" title="Opening the workspace" />;
  return (
    <EmptyState icon="review" title="Nothing can be shown yet">
      What is pending is not known until the workspace can be read. Try again above.
    </EmptyState>
  );
}

function CurrentView({ view, info, snapshot }: { view: View; info: AppInfo; snapshot: Snapshot }) {
  if (view === 'since') return <SinceLast snapshot={snapshot} />;
  if (view === 'shapes') return <ShapesView snapshot={snapshot} mapping={info.mapping} />;
  if (view === 'summary') return <SummaryView />;
  return <ReviewPanes readOnly={info.readOnly} />;
}

/** Decide on every pending change with the evidence in view. */
export function ReviewScreen() {
  const info = useInfo();
  useSavedViews();
  const snapshot = info?.snapshot;
  const asked = usePlace().query.get('view');
  const view = views.find((known) => known === asked) ?? 'records';
  return (
    <>
      <PageHead title="Review" actions={
          <>
            <CommandButton id="saved-views" icon="bookmark" popup="dialog" label="Saved views">
              <span className="wide">Saved views</span>
            </CommandButton>
            <CommandButton id="new-batch" look="primary" popup="dialog" />
          </>
        }>
        <ViewTabs view={view} snapshot={snapshot ?? null} />
        {snapshot && <ReviewProgress />}
      </PageHead>
      {info === undefined ? (
        <Opening />
      ) : snapshot ? (
        <CurrentView view={view} info={info} snapshot={snapshot} />
      ) : (
        <EmptyState icon="snapshot" title="No snapshot yet" actions={<CommandButton id="refresh" look="primary" icon="refresh" />}>
          Countersign compares what the warehouse asks for with what Salesforce holds. Load the first snapshot to see the pending changes.
        </EmptyState>
      )}
    </>
  );
}

function ReviewPanes({ readOnly }: { readOnly: boolean }) {
  const filter = useFilter();
  const { list, start, isOpening, openAnew } = useOpenedList(filter.list, recordIn(usePlace().query));
  const [seen, setSeen] = useState({ of: list.opened, pages: pagesAround(start) });
  // Where the list before was scrolled to says nothing of another one.
  const { from, to } = seen.of === list.opened ? seen.pages : pagesAround(start);
  const pages = usePages(list, { from, to });
  const current = useCurrent(pages, list, start);
  const facetCall = useQueryCall('pending.facets', { filter: list.filter }, { keepPrevious: true });
  const matching = (facetCall.isPlaceholderData ? undefined : facetCall.data?.matching) ?? pages.total;
  const [selected, setSelected] = useState<{ of: string; selection: RowSelection }>({ of: list.opened, selection: nothingSelected });
  const selection = selected.of === list.opened ? selected.selection : nothingSelected;
  const setSelection = useCallback((next: RowSelection) => setSelected({ of: list.opened, selection: next }), [list.opened]);
  const [movesOn, setMovesOn] = useStoredFlag('countersign.moves-on', true);
  const [isFiltersOpen, setFiltersOpen] = useState(false);
  const grid = useRef<GridHandle>(null);
  const panes = useRef<HTMLDivElement>(null);
  const onWindow = useCallback(
    (first: number, last: number) => {
      const next = windowOfRows(first, last);
      if (next.from !== from || next.to !== to) setSeen({ of: list.opened, pages: next });
    },
    [list.opened, from, to],
  );
  const loaded = pages.itemAt(current.index);
  const item = loaded && current.record && loaded.key === current.record.key && loaded.kind === current.record.kind ? loaded : undefined;
  useReviewCommands({ filter, list, isOpening, pages, matching, current, item, facets: facetCall.data, selection, setSelection, movesOn });
  return (
    <>
      {facetCall.error && <FailureBanner what="The filters could not be counted" error={errorOf(facetCall.error)} onRetry={() => void facetCall.refetch()} />}
    <div className={css['review']} ref={panes}>
      <Facets facets={facetCall.data} isCounting={facetCall.isPlaceholderData} hasFailed={facetCall.error !== null} filter={filter} isOpen={isFiltersOpen} onClose={() => setFiltersOpen(false)} />
      <PaneSeparator label="Resize filters" pane="facets" side="before" className={css['facets-edge']} />
      <Records
        filter={filter}
        list={list}
        isOpening={isOpening}
        pages={pages}
        matching={matching}
        current={current}
        facets={facetCall.data}
        selection={selection}
        setSelection={setSelection}
        movesOn={movesOn}
        setMovesOn={setMovesOn}
        onWindow={onWindow}
        onReload={openAnew}
        onOpenFilters={() => setFiltersOpen((open) => !open)}
        onInspect={() => panes.current?.querySelector<HTMLElement>('[aria-label="Record details"]')?.focus()}
        grid={grid}
        readOnly={readOnly}
      />
      <PaneSeparator label="Resize inspector" pane="inspector" side="after" />
      <Inspector record={current.record} isAwaited={pages.total === null && pages.error === null} item={item} neighbours={{ before: pages.itemAt(current.index - 1), after: pages.itemAt(current.index + 1) }} onStep={(step) => current.move(Math.max(0, Math.min((pages.total ?? 1) - 1, current.index + step)))} onBack={() => grid.current?.focus()} />
    </div>
    </>
  );
}
