import { useEffect, useRef, useState, type RefObject } from 'react';
import { sortOrders, type Facets as FacetCounts } from '../../../shared/contract.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { changeQuery } from '../../app/place.ts';
import { useIsSlow } from '../../app/use-is-slow.ts';
import { useStableCallback } from '../../app/use-stable-callback.ts';
import { useBindCommands } from '../../commands/store.tsx';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { classNames } from '../../components/class-names.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { Grid, type GridHandle } from '../../components/Grid.tsx';
import type { MenuPoint } from '../../components/Menu.tsx';
import { SearchBox } from '../../components/SearchBox.tsx';
import { number, sortWords } from '../../words.ts';
import { ActiveFilters } from './ActiveFilters.tsx';
import { ColumnMenu } from './ColumnMenu.tsx';
import { DecisionHistory } from './DecisionHistory.tsx';
import { UnreadableActions } from './filter-terms/UnreadableActions.tsx';
import { NoMatch } from './NoMatch.tsx';
import { QuickFind } from './QuickFind.tsx';
import { RecordMenu } from './RecordMenu.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { RecordCells, RecordHead } from './RecordRow.tsx';
import { allSelected, countSelected, includes, nothingSelected, withItems, type RowSelection } from './row-selection.ts';
import { useColumns } from './use-columns.ts';
import type { Current } from './use-current.ts';
import { chooseTerm, type Filter } from './use-filter.ts';
import type { Pages, ReviewList } from './use-pages.ts';
import gridCss from '../../components/Grid.module.css';
import css from './Review.module.css';

export interface RecordsProps {
  filter: Filter;
  list: ReviewList;
  /** The list that the filter and the order ask for is still being read. */
  isOpening: boolean;
  pages: Pages;
  /** How many match by now; the list may have other rows, for it stays as it was opened. */
  matching: number | null;
  current: Current;
  facets: FacetCounts | undefined;
  selection: RowSelection;
  setSelection: (selection: RowSelection) => void;
  movesOn: boolean;
  setMovesOn: (movesOn: boolean) => void;
  onWindow: (first: number, last: number) => void;
  /** Opens the list as it is by now. */
  onReload: () => void;
  onOpenFilters: () => void;
  onInspect: () => void;
  grid: RefObject<GridHandle | null>;
  readOnly: boolean;
}

const longestExtend = 5_000;

/** Search, order, active filters, and the grid of pending changes. */
export function Records(props: RecordsProps) {
  const { filter, list, isOpening, pages, matching, current, facets, selection, setSelection, movesOn, setMovesOn, onWindow, onReload, onOpenFilters, onInspect, grid, readOnly } = props;
  const client = useClient();
  const { say, notify } = useNotifications();
  const anchor = useRef<number | null>(null);
  const [menuAt, setMenuAt] = useState<MenuPoint | null>(null);
  const pane = useRef<HTMLElement>(null);
  const columns = useColumns(pane);
  const [isFinding, setFinding] = useState(false);
  const total = pages.total;
  const isSlow = useIsSlow(isOpening);
  const reload = () => {
    onReload();
    changeQuery({ record: null, kind: null, why: null });
    // The button goes away with what it was there for.
    grid.current?.focus();
  };
  useBindCommands({ 'quick-find': { run: () => setFinding(true), off: total === 0 ? 'The list is empty.' : null }, 'reload-list': { run: reload } });
  const endFinding = () => {
    setFinding(false);
    grid.current?.focus();
  };
  const selectedCount = countSelected(selection, matching ?? 0);
  const hidesDecided = filter.terms.some((term) => term.name === 'decision' && term.value === 'none' && !term.negated);
  const allTotal = facets?.total;
  useEffect(() => {
    if (total === null || allTotal === undefined) return undefined;
    const sentence = filter.expression === '' ? `All ${number(allTotal)} match.` : `${number(total)} of ${number(allTotal)} match.`;
    const timer = window.setTimeout(() => say(sentence), 400);
    return () => window.clearTimeout(timer);
  }, [total, allTotal, filter.expression, say]);

  const toggle = (index: number) => {
    const item = pages.itemAt(index);
    if (!item) return;
    anchor.current = index;
    setSelection(withItems(selection, [item], !includes(selection, item)));
  };
  const onToggle = useStableCallback(toggle);
  const extendTo = async (index: number) => {
    const start = anchor.current ?? current.index;
    anchor.current = start;
    const from = Math.min(start, index);
    const count = Math.abs(index - start) + 1;
    if (count > longestExtend) {
      notify(`A selection is extended by at most ${number(longestExtend)} records at once; use Select all with a filter.`, { look: 'problem' });
      return;
    }
    const loaded = Array.from({ length: count }, (_, offset) => pages.itemAt(from + offset));
    const items = loaded.every((item) => item !== undefined) ? loaded : (await client.call('pending.page', { ...list, offset: from, limit: count })).items;
    setSelection(withItems(selection, items, true));
  };
  const move = (index: number, { extend }: { extend: boolean }) => {
    if (extend) void extendTo(index);
    else anchor.current = null;
    current.move(index);
  };
  const selectAll = () => setSelection(selection.isAll && selection.marked.size === 0 ? nothingSelected : allSelected);

  return (
    <section className={gridCss['grid-pane']} aria-label="Records" ref={pane} style={columns.style}>
      <div className={gridCss['grid-tools']}>
        <Button icon="filter" className={css['filters-button']} onClick={onOpenFilters}>
          Filters {filter.terms.length > 0 && <span className="faint">{filter.terms.length}</span>}
        </Button>
        <div className="grow">
          <SearchBox label="Search pending changes" placeholder="Name, address or key" value={filter.terms.find((term) => term.name === 'text')?.value ?? ''} onSearch={(text) => filter.put('text', text.trim() === '' ? null : text.trim())} />
        </div>
        <select className={`input select ${css['sort']}`} aria-label="Sort" value={filter.list.sort} onChange={(event) => filter.sortBy(sortOrders.find((order) => order === event.target.value) ?? 'risk', false)}>
          {sortOrders.map((order) => (
            <option key={order} value={order}>
              {sortWords[order]}
            </option>
          ))}
        </select>
        <Button icon={filter.list.descending ? 'down' : 'up'} label="Reverse the order" pressed={filter.list.descending} onClick={() => filter.sortBy(filter.list.sort, !filter.list.descending)} />
        <ColumnMenu inUse={columns} />
        <DecisionHistory />
      </div>
      {selectedCount > 0 ? <SelectionBar selection={selection} total={matching ?? 0} onClear={() => setSelection(nothingSelected)} /> : <ActiveFilters filter={filter} total={isSlow ? null : matching} rows={total} hasFailed={pages.error !== null} facets={facets} onSelectAll={() => setSelection(allSelected)} canSelect={!readOnly} />}
      {filter.problem !== null && (
        <Banner severity="warning" title="The filter cannot be read." actions={<UnreadableActions filter={filter} />}>
          {filter.problem} All pending changes are shown.
        </Banner>
      )}
      {pages.error && <FailureBanner what="The list of records could not be read" error={errorOf(pages.error)} onRetry={pages.retry} />}
      {isSlow && <div className={css['reading-line']} aria-hidden="true" />}
      {pages.error && total === null ? (
        <div className={css['no-rows']}>
          <EmptyState icon="review" title="No records to show">
            The list could not be read. Decisions that were made before are kept. Try again, or look at another view.
          </EmptyState>
        </div>
      ) : total === 0 && !pages.isLoading ? (
        <div className={css['no-rows']}>
          <NoMatch filter={filter} />
        </div>
      ) : (
        <Grid
          label="Pending changes"
          list={list.opened}
          isBusy={isOpening}
          rowCount={total ?? 20}
          columnCount={columns.shown.length + 1}
          handle={grid}
          head={<RecordHead columns={columns.shown} canSelect={!readOnly} sort={filter.list.sort} descending={filter.list.descending} onSort={filter.sortBy} total={number(matching ?? 0)} isAllSelected={selection.isAll && selection.marked.size === 0} isSomeSelected={selectedCount > 0} onToggleAll={selectAll} />}
          current={current.index}
          isAway={current.isAway}
          onMove={move}
          {...(readOnly ? {} : { onSelect: toggle })}
          isSelected={(index) => {
            const item = pages.itemAt(index);
            return item !== undefined && includes(selection, item);
          }}
          hasSelection={selectedCount > 0}
          onOpen={onInspect}
          onMenu={setMenuAt}
          onBack={() => setSelection(nothingSelected)}
          onWindow={onWindow}
          row={(index) => {
            const item = pages.itemAt(index);
            return item ? { key: `${item.kind} ${item.key}`, isViewed: item.mark !== 'unseen', cells: <RecordCells columns={columns.shown} item={item} index={index} canSelect={!readOnly} isSelected={includes(selection, item)} onToggle={onToggle} /> } : null;
          }}
        />
      )}
      {menuAt && <RecordMenu at={menuAt} onClose={() => setMenuAt(null)} />}
      {isFinding && <QuickFind key={list.opened} list={list} current={current} onClose={endFinding} />}
      <div className={gridCss['grid-foot']}>
        <span>{placeWords(current, isSlow ? null : total, pages.error !== null)}</span>
        {facets && (
          <span className={classNames('wide', css['foot-progress'])} title={progressWords(facets)}>
            {progressWords(facets)}
          </span>
        )}
        <label className="hint end">
          <input className="box" type="checkbox" checked={hidesDecided} onChange={() => chooseTerm({ name: 'decision', value: 'none', negated: false })} /> Hide decided
        </label>
        <label className="hint">
          <input className="box" type="checkbox" checked={movesOn} onChange={(event) => setMovesOn(event.target.checked)} /> Move on after a decision
        </label>
      </div>
    </section>
  );
}

/** Where in the list one is; nothing as long as there is no list. */
function placeWords(current: Current, total: number | null, hasFailed: boolean): string {
  if (total === null) return hasFailed ? '' : 'Reading the records…';
  if (current.isAway) return current.isMissing ? 'The open record is not among these rows.' : 'Looking for the open record…';
  return `Record ${number(total === 0 ? 0 : current.index + 1)} of ${number(total)}`;
}

/** How far the review of a filter has come. */
function progressWords(facets: FacetCounts): string {
  const undecided = facets.decision.find((fact) => fact.value === 'none')?.count ?? 0;
  const decided = facets.decision.reduce((sum, fact) => sum + fact.count, 0) - undecided;
  return `${number(decided)} decided, ${number(facets.viewed)} viewed in this filter`;
}
