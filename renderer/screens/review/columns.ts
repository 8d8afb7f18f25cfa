import type { ComponentType } from 'react';
import type { sortOrders } from '../../../shared/contract.ts';
import type { PendingItem } from '../../../shared/domain/pending-change.ts';
import type { IconName } from '../../components/icon-shapes.tsx';
import { ChangeCell, ChecksCell, CompanyCell, ContributorsCell, DecisionCell, KeyCell, KindCell, NameCell, PriorityCell, ProgressCell, StateCell } from './record-cells.tsx';

export type ColumnId = 'progress' | 'priority' | 'kind' | 'name' | 'change' | 'company' | 'state' | 'contributors' | 'checks' | 'decision' | 'key';

/** One column of the grid of pending changes. */
export interface Column {
  id: ColumnId;
  label: string;
  /** What stands in the head instead of the label, where that has no room. */
  head?: { icon: IconName } | { short: string };
  /** What stands for the label where a narrow pane has no room for it. */
  narrowIcon?: IconName;
  title?: string;
  sort: (typeof sortOrders)[number];
  /** The least width, in rem. */
  width: number;
  /** The least width in a narrow pane, where it is another. */
  narrowWidth?: number;
  /** Its share of the room that is left. */
  share?: number;
  isNumber?: boolean;
  /** Where nobody has chosen: shown, shown where there is room, or not. */
  isShown: 'always' | 'with-room' | 'never';
  Cell: ComponentType<{ item: PendingItem }>;
}

/** Every column, in the order of the grid. The name is always there: the row is called by it. */
export const columns: readonly Column[] = [
  { id: 'progress', label: 'Review progress', head: { icon: 'eye' }, sort: 'progress', width: 0.875, isShown: 'always', Cell: ProgressCell },
  { id: 'priority', label: 'Priority', head: { short: 'Pri' }, sort: 'priority', width: 1.75, isShown: 'always', Cell: PriorityCell },
  { id: 'kind', label: 'Kind', head: { icon: 'edit' }, sort: 'kind', width: 1, isShown: 'with-room', Cell: KindCell },
  { id: 'name', label: 'Name', sort: 'name', width: 6.5, narrowWidth: 6, share: 0.93, isShown: 'always', Cell: NameCell },
  { id: 'change', label: 'Change', title: 'Sorts by the number of changed fields', sort: 'changes', width: 7, share: 1, isShown: 'always', Cell: ChangeCell },
  { id: 'company', label: 'Company', sort: 'company', width: 7, share: 0.6, isShown: 'never', Cell: CompanyCell },
  { id: 'state', label: 'State', sort: 'state', width: 3, isShown: 'never', Cell: StateCell },
  { id: 'contributors', label: 'Contributors', head: { short: 'Contrib.' }, title: 'Contributors of all members', sort: 'contributors', width: 4.375, isNumber: true, isShown: 'with-room', Cell: ContributorsCell },
  { id: 'checks', label: 'Checks', head: { icon: 'checks' }, sort: 'checks', width: 2.125, isShown: 'always', Cell: ChecksCell },
  { id: 'decision', label: 'Decision', narrowIcon: 'check-circle', sort: 'decision', width: 5.75, narrowWidth: 1.25, isShown: 'always', Cell: DecisionCell },
  { id: 'key', label: 'Key', sort: 'key', width: 7, isShown: 'never', Cell: KeyCell },
];

/** What somebody has chosen; a column that is not in it is shown as the grid thinks fit. */
export type ColumnChoice = Readonly<Partial<Record<ColumnId, boolean>>>;

/** The columns that are shown; the name always is. */
export function chosenColumns(choice: ColumnChoice, isNarrow: boolean): Column[] {
  return columns.filter(({ id, isShown }) => id === 'name' || (choice[id] ?? (isShown === 'always' || (isShown === 'with-room' && !isNarrow))));
}

const selectWidth = 1.25;

/** The tracks of the grid with the box to select in front, and the width below which it scrolls sideways. */
export function columnTracks(shown: readonly Column[], isNarrow: boolean): { tracks: string; least: string } {
  const widthOf = (column: Column) => (isNarrow ? (column.narrowWidth ?? column.width) : column.width);
  const tracks = shown.map((column) => (column.share === undefined ? `${widthOf(column)}rem` : `minmax(${widthOf(column)}rem, ${column.share}fr)`));
  const sum = shown.reduce((total, column) => total + widthOf(column), selectWidth);
  return { tracks: [`${selectWidth}rem`, ...tracks].join(' '), least: `calc(${sum}rem + ${shown.length} * var(--col-gap) + 2 * var(--space-3))` };
}

const storageKey = 'countersign.columns';

/** Reads the choice of this machine; what cannot be read counts as not chosen. */
export function readColumnChoice(): ColumnChoice {
  try {
    const stored = JSON.parse(window.localStorage.getItem(storageKey) ?? '{}') as Record<string, unknown> | null;
    return Object.fromEntries(columns.flatMap(({ id }) => (typeof stored?.[id] === 'boolean' ? [[id, stored[id]]] : [])));
  } catch {
    // Another version, or a hand, wrote what is no JSON: the grid must open all the same.
    return {};
  }
}

/** Remembers the choice on this machine. */
export function saveColumnChoice(choice: ColumnChoice): void {
  window.localStorage.setItem(storageKey, JSON.stringify(choice));
}
