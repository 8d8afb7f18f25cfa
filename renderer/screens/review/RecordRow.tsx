import { memo } from 'react';
import type { PendingItem } from '../../../shared/domain/pending-change.ts';
import { classNames } from '../../components/class-names.ts';
import { Icon } from '../../components/Icon.tsx';
import type { Column } from './columns.ts';
import type { Filter } from './use-filter.ts';
import css from '../../components/Grid.module.css';
import reviewCss from './Review.module.css';

interface Order {
  sort: Column['sort'];
  descending: boolean;
  onSort: Filter['sortBy'];
}

/** A column head that sorts by its column, and turns the order round when it is the order already. By keys: the box Sort. */
function SortHead({ column, order }: { column: Column; order: Order }) {
  const { id, label, head, narrowIcon, sort, title = label } = column;
  const isCurrent = order.sort === sort;
  const arrow = order.descending ? 'down' : 'up';
  const hasIcon = head !== undefined && 'icon' in head;
  return (
    <span role="columnheader" className={classNames(column.isNumber === true && 'num', id === 'decision' && css['cell-decision'], id === 'name' && css['cell-stays'])} title={title} aria-sort={isCurrent ? (order.descending ? 'descending' : 'ascending') : undefined}>
      <button type="button" tabIndex={-1} className={reviewCss['sort-button']} onClick={() => order.onSort(sort, isCurrent && !order.descending)}>
        {head === undefined ? <span data-word>{label}</span> : <span className="visually-hidden">{label}</span>}
        {narrowIcon && !isCurrent && <Icon name={narrowIcon} size="sm" className={css['narrow-icon']} />}
        {hasIcon ? <Icon name={isCurrent ? arrow : head.icon} size="sm" /> : head && <span aria-hidden="true">{head.short}</span>}
      </button>
      {isCurrent && !hasIcon && <Icon name={arrow} size="sm" />}
    </span>
  );
}

/** Head of the grid of pending changes. */
export function RecordHead({ columns, canSelect, isAllSelected, isSomeSelected, onToggleAll, total, ...order }: Order & { columns: readonly Column[]; canSelect: boolean; isAllSelected: boolean; isSomeSelected: boolean; onToggleAll: () => void; total: string }) {
  return (
    <>
      <span className={css['cell-select']} role="columnheader">
        {canSelect ? (
          <input
            className="box"
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select all ${total} in this filter`}
            checked={isAllSelected}
            ref={(box) => {
              if (box) box.indeterminate = isSomeSelected && !isAllSelected;
            }}
            onChange={onToggleAll}
          />
        ) : (
          <span className="visually-hidden">Selection</span>
        )}
      </span>
      {columns.map((column) => (
        <SortHead key={column.id} column={column} order={order} />
      ))}
    </>
  );
}

/** The cells of one pending change. A grid that is scrolled draws those of all its rows; only what is new costs. */
export const RecordCells = memo(function RecordCells({ columns, item, index, canSelect, isSelected, onToggle }: { columns: readonly Column[]; item: PendingItem; index: number; canSelect: boolean; isSelected: boolean; onToggle: (index: number) => void }) {
  return (
    <>
      <span className={css['cell-select']} role="gridcell">
        {canSelect && <input className="box" type="checkbox" tabIndex={-1} aria-label={`Select ${item.name ?? item.key}`} checked={isSelected} onChange={() => onToggle(index)} onClick={(event) => event.stopPropagation()} />}
      </span>
      {columns.map(({ id, Cell }) => (
        <Cell key={id} item={item} />
      ))}
    </>
  );
});
