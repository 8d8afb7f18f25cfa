/** Browsers refuse elements much taller than this; beyond it scroll positions are mapped to rows in proportion. */
export const tallestScroll = 15_000_000;

export interface GridView {
  rowCount: number;
  rowHeight: number;
  /** Height in which rows are seen. */
  viewHeight: number;
  scrollTop: number;
}

export interface GridWindow {
  /** Height of the element that holds the rows. */
  height: number;
  /** The first row in view; a part of a row counts as a fraction. */
  top: number;
  /** First and last row to draw; last is -1 when there is none. */
  first: number;
  last: number;
}

const spare = 4;

function heightOf(view: GridView): number {
  return Math.min(view.rowCount * view.rowHeight, tallestScroll);
}

/** Rows that can be scrolled past, and the pixels to do it in. */
function scales(view: GridView): { rows: number; pixels: number } {
  return { rows: Math.max(0, view.rowCount - view.viewHeight / view.rowHeight), pixels: Math.max(0, heightOf(view) - view.viewHeight) };
}

/**
 * Says which rows are drawn for a scroll position.
 *
 * Units: pixels. The last row is reached at the end of the scroll range, also where the range is capped.
 */
export function windowOf(view: GridView): GridWindow {
  const { rows, pixels } = scales(view);
  const top = pixels === 0 ? 0 : Math.min(1, Math.max(0, view.scrollTop / pixels)) * rows;
  const first = Math.max(0, Math.floor(top) - spare);
  const last = Math.min(view.rowCount - 1, Math.ceil(top + view.viewHeight / view.rowHeight) + spare);
  return { height: heightOf(view), top, first, last };
}

/** True while every row has a place of its own, so that scrolling moves none. */
export function isFixed(view: GridView): boolean {
  return view.rowCount * view.rowHeight <= tallestScroll;
}

/** A row and where it is drawn inside the element that holds the rows. */
export interface GridOrigin {
  index: number;
  top: number;
}

const originStep = 1_000;

/** The row beside which the others are placed: where scrolling moves rows, it moves this one place instead of each of them. */
export function originOf(view: GridView, window: GridWindow): GridOrigin {
  if (isFixed(view)) return { index: 0, top: 0 };
  const index = Math.floor(window.first / originStep) * originStep;
  return { index, top: Math.round(view.scrollTop - (window.top - index) * view.rowHeight) };
}

/** How far below the origin a row is drawn. */
export function topOf(view: GridView, window: GridWindow, index: number): number {
  if (isFixed(view)) return index * view.rowHeight;
  const reach = window.last - window.first + 40;
  const near = window.top + Math.max(-reach, Math.min(reach, index - window.top));
  return (near - originOf(view, window).index) * view.rowHeight;
}

/** The scroll position that brings a row into view with the least movement. */
export function scrollTo(view: GridView, index: number): number {
  const { rows, pixels } = scales(view);
  const window = windowOf(view);
  const seen = view.viewHeight / view.rowHeight;
  if (rows === 0 || (index >= window.top && index + 1 <= window.top + seen)) return view.scrollTop;
  const top = index < window.top ? index : index + 1 - seen;
  return (Math.min(rows, Math.max(0, top)) / rows) * pixels;
}
