import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../shared/domain/selection.ts';

/** What is selected: some records, or all in the filter except some. Never a list of a million ids. */
export interface RowSelection {
  isAll: boolean;
  /** The selected ones, or with `isAll` the exceptions. */
  marked: ReadonlyMap<string, PendingKey>;
}

export const nothingSelected: RowSelection = { isAll: false, marked: new Map() };
export const allSelected: RowSelection = { isAll: true, marked: new Map() };

function idOf({ key, kind }: PendingKey): string {
  return `${kind} ${key}`;
}

/** True when the record is selected. */
export function includes(selection: RowSelection, item: PendingKey): boolean {
  return selection.marked.has(idOf(item)) !== selection.isAll;
}

/** Selects records or takes them out. */
export function withItems(selection: RowSelection, items: readonly PendingKey[], isSelected: boolean): RowSelection {
  const marked = new Map(selection.marked);
  for (const { key, kind } of items) {
    if (isSelected === selection.isAll) marked.delete(idOf({ key, kind }));
    else marked.set(idOf({ key, kind }), { key, kind });
  }
  return { isAll: selection.isAll, marked };
}

/** How many are selected out of those in the filter. */
export function countSelected(selection: RowSelection, total: number): number {
  return selection.isAll ? Math.max(0, total - selection.marked.size) : selection.marked.size;
}

/** The selection as the core understands it; null when nothing is selected. */
export function toSelection(selection: RowSelection, filter: string): Selection | null {
  const items = [...selection.marked.values()];
  if (selection.isAll) return { filter, except: items };
  return items.length === 0 ? null : { items };
}
