import { useEffectEvent, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode, type Ref, type UIEvent } from 'react';
import { flushSync } from 'react-dom';
import { isFixed, originOf, scrollTo, topOf, windowOf, type GridView } from './grid-window.ts';
import { RowSlots } from './row-slots.ts';
import { classNames } from './class-names.ts';
import { remPixels, tokenPixels } from './token-pixels.ts';
import css from './Grid.module.css';

export interface GridRow {
  key: string;
  cells: ReactNode;
  isViewed?: boolean;
}

export interface GridHandle {
  focus(): void;
}

export interface GridProps {
  label: string;
  /** Names what is listed: another list begins where its current row is. */
  list?: string;
  /** Another list is being read; the one before is drawn until then. */
  isBusy?: boolean;
  rowCount: number;
  columnCount: number;
  /** Cells of the head row, each with the role columnheader. */
  head: ReactNode;
  current: number;
  /** What is open beside the grid is none of its drawn rows: none is marked as current. */
  isAway?: boolean;
  onMove: (index: number, how: { extend: boolean }) => void;
  /** Null while the row is not loaded. */
  row: (index: number) => GridRow | null;
  isSelected?: (index: number) => boolean;
  hasSelection?: boolean;
  onSelect?: (index: number) => void;
  onOpen?: () => void;
  onBack?: () => void;
  /** Asked for the menu of the current row, by the second mouse button, Shift+F10 or the menu key. */
  onMenu?: (at: { x: number; y: number }) => void;
  /** Told which rows are in view. */
  onWindow?: (first: number, last: number) => void;
  className?: string | undefined;
  handle?: Ref<GridHandle>;
  children?: ReactNode;
}

const headHeight = 28;
const usualRowHeight = 30;
/** The width up to which a grid is narrow, in rem. */
export const narrowGrid = 36;

/** A grid of any length: one tab stop, rows drawn only where they are seen, moved through by keys. */
export function Grid(props: GridProps) {
  const { label, list, rowCount, columnCount, head, current, onMove, row, isSelected, hasSelection = false, onSelect, onOpen, onBack, onMenu, onWindow, className, handle, children, isAway = false, isBusy = false } = props;
  const [rowSlots] = useState(() => new RowSlots());
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState({ of: list, top: 0 });
  const [viewHeight, setViewHeight] = useState(600);
  const [rowHeight, setRowHeight] = useState(usualRowHeight);
  const [isNarrow, setNarrow] = useState(false);
  const [scrollsSideways, setScrollsSideways] = useState(false);
  /** Where the list that is drawn is scrolled to by now; to ask the element for it while rows are changed costs a layout. */
  const position = useRef({ of: list, top: 0 });
  const wantsFocus = useRef(false);
  /** Stays true when the row that has the focus is taken away: no event tells of that. */
  const hasRowFocus = useRef(false);
  const unscrolled = { rowCount, rowHeight, viewHeight, scrollTop: 0 };
  // Where the list before was scrolled to says nothing of this one.
  const scrollTop = scrolled.of === list ? scrolled.top : scrollTo(unscrolled, current);
  if (scrolled.of !== list) setScrolled({ of: list, top: scrollTop });
  const view: GridView = { ...unscrolled, scrollTop };
  const shown = windowOf(view);
  const origin = originOf(view, shown);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = () => {
      setRowHeight(tokenPixels('--row-height') || usualRowHeight);
      setViewHeight(Math.max(60, element.clientHeight - headHeight));
      setNarrow(element.offsetWidth <= narrowGrid * remPixels());
      setScrollsSideways(element.scrollWidth > element.clientWidth);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // Other columns can make the rows wider than what is seen of them.
    if (rows.current) observer.observe(rows.current);
    // The density can be changed beside the grid, which leaves its own size as it is.
    const density = new MutationObserver(measure);
    density.observe(document.documentElement, { attributeFilter: ['data-density'] });
    return () => {
      observer.disconnect();
      density.disconnect();
    };
  }, []);
  const { first, last } = shown;
  const tellWindow = useEffectEvent(({ from, to }: { list: string | undefined; from: number; to: number }) => onWindow?.(from, to));
  useLayoutEffect(() => tellWindow({ list, from: first, to: last }), [list, first, last]);
  useImperativeHandle(handle, () => ({ focus: () => scroller.current?.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus({ preventScroll: true }) }));
  const bringIntoView = (index: number, height = rowHeight) => {
    const element = scroller.current;
    if (!element) return;
    const from = position.current.of === list ? position.current.top : 0;
    const to = scrollTo({ ...view, rowHeight: height, scrollTop: from }, index);
    if (position.current.of === list && to === from) return;
    element.scrollTop = to;
    position.current = { of: list, top: element.scrollTop };
    // Not only when the browser tells of it, which is a frame later.
    if (position.current.top !== scrollTop) setScrolled(position.current);
  };
  const follow = useEffectEvent(({ index, height }: { list: string | undefined; index: number; height: number }) => {
    bringIntoView(index, height);
    const focused = document.activeElement;
    const isInRows = hasRowFocus.current && (focused === document.body || (focused?.getAttribute('role') === 'row' && scroller.current?.contains(focused) === true));
    // Who went on to a field or a menu meanwhile keeps the focus there: letters typed in it must not become decisions.
    const isElsewhere = focused !== null && focused !== document.body && scroller.current?.contains(focused) !== true;
    if ((wantsFocus.current && !isElsewhere) || isInRows) scroller.current?.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus({ preventScroll: true });
    wantsFocus.current = false;
  });
  useLayoutEffect(() => follow({ list, index: current, height: rowHeight }), [list, current, rowHeight]);

  const move = (to: number, extend: boolean) => {
    const index = Math.max(0, Math.min(rowCount - 1, to));
    wantsFocus.current = true;
    onMove(index, { extend });
    bringIntoView(index);
  };
  const page = Math.max(1, Math.floor(viewHeight / rowHeight) - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (onMenu && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      const box = scroller.current?.querySelector('[role="row"][tabindex="0"]')?.getBoundingClientRect();
      event.preventDefault();
      if (box) onMenu({ x: box.left + rowHeight, y: box.bottom });
      return;
    }
    const steps: Record<string, number> = { ArrowDown: current + 1, j: current + 1, J: current + 1, ArrowUp: current - 1, k: current - 1, K: current - 1, Home: 0, End: rowCount - 1, PageDown: current + page, PageUp: current - page };
    const to = steps[event.key];
    if (to !== undefined) move(to, event.shiftKey);
    else if (event.key === ' ' && onSelect) onSelect(current);
    else if (event.key === 'Enter' && onOpen) onOpen();
    else if (event.key === 'Escape' && onBack) onBack();
    else return;
    event.preventDefault();
  };
  const openMenu = (index: number) => (event: MouseEvent) => {
    if (!onMenu) return;
    event.preventDefault();
    move(index, false);
    onMenu({ x: event.clientX, y: event.clientY });
  };
  /** Rows that have a place of their own need no new render as long as all that are seen are drawn. */
  const onScroll = (event: UIEvent<HTMLDivElement>) => {
    const next = { ...view, scrollTop: event.currentTarget.scrollTop };
    position.current = { of: list, top: next.scrollTop };
    const { top } = windowOf(next);
    const isDrawn = top >= first && top + viewHeight / rowHeight <= last + 1;
    // In this very frame: a frame later the rows would have been seen at the wrong place.
    const isKnown = scrolled.of === list && scrolled.top === next.scrollTop;
    if (!isKnown && (!isFixed(view) || !isDrawn)) flushSync(() => setScrolled(position.current));
  };
  const onClick = (index: number) => (event: MouseEvent) => move(index, event.shiftKey);

  const indexes = Array.from({ length: Math.max(0, shown.last - shown.first + 1) }, (_, offset) => shown.first + offset);
  if (current < rowCount && current >= 0 && (current < shown.first || current > shown.last)) indexes.push(current);
  const slots = rowSlots.assign(indexes, current);
  return (
    <div
      ref={scroller}
      className={classNames(css['grid'], isNarrow && css['is-narrow'], scrollsSideways && css['scrolls-sideways'], className)}
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columnCount}
      aria-busy={isBusy || undefined}
      aria-multiselectable={onSelect !== undefined || undefined}
      data-letters=""
      data-region=""
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => (hasRowFocus.current = target.getAttribute('role') === 'row')}
      onBlur={() => (hasRowFocus.current = false)}
      tabIndex={rowCount === 0 ? 0 : undefined}
    >
      <div className={classNames(css['grid-row'], css['grid-head'])} role="row" aria-rowindex={1}>
        {head}
      </div>
      <div ref={rows} className={css['grid-rows']} role="presentation" style={{ height: shown.height }}>
        <div className={css['grid-origin']} role="presentation" style={origin.top === 0 ? undefined : { transform: `translateY(${origin.top}px)` }}>
          {indexes.map((index) => {
            const drawn = row(index);
            const isPlace = index === current;
            const isCurrent = isPlace && !isAway;
            return (
              <div
                key={slots.get(index)}
                className={classNames(css['grid-row'], isCurrent && css['is-current'], drawn?.isViewed === true && css['is-viewed'])}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={hasSelection ? (isSelected?.(index) ?? false) : isCurrent}
                aria-busy={drawn === null || undefined}
                tabIndex={isPlace ? 0 : -1}
                style={{ top: topOf(view, shown, index) }}
                onClick={onClick(index)}
                onContextMenu={openMenu(index)}
              >
                {drawn ? drawn.cells : <SkeletonCells count={columnCount} />}
              </div>
            );
          })}
        </div>
      </div>
      {children}
    </div>
  );
}

/** One cell for the whole row: rows that come and go while one scrolls must cost next to nothing. */
function SkeletonCells({ count }: { count: number }) {
  return (
    <span role="gridcell" aria-colspan={count} className={css['skeleton-cell']}>
      <span className="visually-hidden">Loading</span>
      <span className={css['skeleton']} aria-hidden="true" />
    </span>
  );
}
