import type { ReactNode } from 'react';
import type { sortOrders } from '../../../shared/contract.ts';
import type { PendingItem } from '../../../shared/domain/pending-change.ts';
import { classNames } from '../../components/class-names.ts';
import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import { DecisionMark, SeverityMark, Tag } from '../../components/Mark.tsx';
import { kindWords, plural } from '../../words.ts';
import { valueWords } from '../../words/values.ts';
import css from '../../components/Grid.module.css';
import reviewCss from './Review.module.css';

/** "Bank linking enabled" is "Bank linking" where its value says the rest. */
function changeLabel(label: string): string {
  return label.replace(/ enabled$/u, '');
}

function ChangeCell({ item }: { item: PendingItem }) {
  const first = item.firstChange;
  const more = item.changedFields.length - 1;
  return (
    <span role="gridcell" className={css['cell-change']}>
      {first ? (
        <span className="clip">
          <b title={first.field}>{changeLabel(first.label)}</b> <DataText text={valueWords(first.before, first.after)} /> <span className={css['arrow']}>→</span> <DataText text={valueWords(first.after, first.before)} />
        </span>
      ) : (
        <span className="clip">nothing is sent</span>
      )}
      {more > 0 && <span className={css['plus']}>+{more}</span>}
    </span>
  );
}

function ChecksCell({ item }: { item: PendingItem }) {
  if (item.blockers > 0) {
    return (
      <SeverityMark severity="blocker">
        {item.blockers}
        <span className="visually-hidden"> {item.blockers === 1 ? 'blocker' : 'blockers'}</span>
      </SeverityMark>
    );
  }
  if (item.warnings > 0) {
    return (
      <SeverityMark severity="warning">
        {item.warnings}
        <span className="visually-hidden"> {item.warnings === 1 ? 'warning' : 'warnings'}</span>
      </SeverityMark>
    );
  }
  return (
    <span className="faint">
      <Icon name="check" size="sm" label="Passed" />
    </span>
  );
}

function ProgressMark({ item }: { item: PendingItem }) {
  if (item.mark === 'flagged') return <Icon name="flag" size="sm" label="Flagged" />;
  if (item.mark === 'later') return <Icon name="clock" size="sm" label="Come back later" />;
  if (item.mark === 'viewed') return <span className="visually-hidden">Viewed</span>;
  return <span className={css['unseen']} role="img" aria-label="Not viewed" />;
}

type Sort = (typeof sortOrders)[number];

interface Order {
  sort: Sort;
  descending: boolean;
  onSort: (sort: Sort, descending: boolean) => void;
}

/** A column head that sorts by its column, and turns the order round when it is the order already. By keys: the box Sort. */
function SortHead({ by, order, className, title, children }: { by: Sort; order: Order; className?: string | undefined; title?: string; children: ReactNode }) {
  const isCurrent = order.sort === by;
  return (
    <span role="columnheader" className={className} title={title} aria-sort={isCurrent ? (order.descending ? 'descending' : 'ascending') : undefined}>
      <button type="button" tabIndex={-1} className={reviewCss['sort-button']} onClick={() => order.onSort(by, isCurrent && !order.descending)}>
        {children}
      </button>
      {isCurrent && <Icon name={order.descending ? 'down' : 'up'} size="sm" />}
    </span>
  );
}

/** Head of the grid of pending changes. */
export function RecordHead({ isAllSelected, isSomeSelected, onToggleAll, total, ...order }: Order & { isAllSelected: boolean; isSomeSelected: boolean; onToggleAll: () => void; total: string }) {
  return (
    <>
      <span className={css['cell-mark']} role="columnheader">
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
      </span>
      <span role="columnheader">
        <span className="visually-hidden">Viewed</span>
      </span>
      <SortHead by="priority" order={order} title="Priority">
        <span className="visually-hidden">Priority</span>
        <span aria-hidden="true">Pri</span>
      </SortHead>
      <span role="columnheader" className={css['cell-kind']}>
        <span className="visually-hidden">Kind</span>
      </span>
      <SortHead by="name" order={order}>
        Name
      </SortHead>
      <SortHead by="changes" order={order} title="Sorts by the number of changed fields">
        Change
      </SortHead>
      <SortHead by="contributors" order={order} className={classNames(css['cell-contributors'], 'num')} title="Contributors of all members">
        Contributors
      </SortHead>
      <span role="columnheader">
        <span className="visually-hidden">Checks</span>
        <Icon name="checks" size="sm" />
      </span>
      <SortHead by="decision" order={order} className={css['cell-decision']}>
        <span data-word>Decision</span>
      </SortHead>
    </>
  );
}

/** The cells of one pending change. */
export function RecordCells({ item, isSelected, onToggle }: { item: PendingItem; isSelected: boolean; onToggle: () => void }) {
  const name = item.name ?? item.key;
  return (
    <>
      <span className={css['cell-mark']} role="gridcell">
        <input className="box" type="checkbox" tabIndex={-1} aria-label={`Select ${name}`} checked={isSelected} onChange={onToggle} onClick={(event) => event.stopPropagation()} />
      </span>
      <span className={css['cell-mark']} role="gridcell">
        <ProgressMark item={item} />
      </span>
      <span role="gridcell" className={css['cell-flex']}>
        <Tag priority={item.priority}>{item.priority}</Tag>
      </span>
      <span role="gridcell" className={classNames(css['cell-kind'], 'muted')}>
        <Icon name={item.kind === 'create' ? 'plus' : 'edit'} size="sm" label={kindWords[item.kind]} />
      </span>
      <span role="rowheader" className={css['cell-name']}>
        <DataText text={item.name} />
      </span>
      <ChangeCell item={item} />
      <span role="gridcell" className={classNames(css['cell-contributors'], 'muted', 'num')} title={`${plural(item.contributorCount, 'contributor')} of ${plural(item.memberCount, 'member')}`}>
        {item.contributorCount} of {item.memberCount}
      </span>
      <span role="gridcell" className={css['cell-flex']}>
        <ChecksCell item={item} />
      </span>
      <span role="gridcell" className={classNames(css['cell-flex'], css['cell-decision'])}>
        <DecisionMark decision={item.decision} />
      </span>
    </>
  );
}
