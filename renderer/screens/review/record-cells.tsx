import type { PendingItem } from '../../../shared/domain/pending-change.ts';
import { classNames } from '../../components/class-names.ts';
import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import { DecisionMark, SeverityMark, Tag } from '../../components/Mark.tsx';
import { kindWords, plural } from '../../words.ts';
import { valueWords } from '../../words/values.ts';
import css from '../../components/Grid.module.css';

interface CellProps {
  item: PendingItem;
}

/** "Bank linking enabled" is "Bank linking" where its value says the rest. */
function changeLabel(label: string): string {
  return label.replace(/ enabled$/u, '');
}

/** The first changed field, before and after, and how many more there are. */
export function ChangeCell({ item }: CellProps) {
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

function ChecksMark({ item }: CellProps) {
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

function ProgressMark({ item }: CellProps) {
  if (item.mark === 'flagged') return <Icon name="flag" size="sm" label="Flagged" />;
  if (item.mark === 'later') return <Icon name="clock" size="sm" label="Come back later" />;
  if (item.mark === 'viewed') return <span className="visually-hidden">Viewed</span>;
  return <span className={css['unseen']} role="img" aria-label="Not viewed" />;
}

/** What the checks found. */
export function ChecksCell({ item }: CellProps) {
  return (
    <span role="gridcell" className={css['cell-flex']}>
      <ChecksMark item={item} />
    </span>
  );
}

/** Whether somebody has looked at it. */
export function ProgressCell({ item }: CellProps) {
  return (
    <span className={css['cell-mark']} role="gridcell">
      <ProgressMark item={item} />
    </span>
  );
}

export function PriorityCell({ item }: CellProps) {
  return (
    <span role="gridcell" className={css['cell-flex']}>
      <Tag priority={item.priority}>{item.priority}</Tag>
    </span>
  );
}

export function KindCell({ item }: CellProps) {
  return (
    <span role="gridcell" className={classNames('muted', css['cell-icon'])}>
      <Icon name={item.kind === 'create' ? 'plus' : 'edit'} size="sm" label={kindWords[item.kind]} />
    </span>
  );
}

export function NameCell({ item }: CellProps) {
  return (
    <span role="rowheader" className={classNames(css['cell-name'], css['cell-stays'])}>
      <DataText text={item.name} />
    </span>
  );
}

export function CompanyCell({ item }: CellProps) {
  return (
    <span role="gridcell" className="muted">
      <DataText text={item.company} />
    </span>
  );
}

export function StateCell({ item }: CellProps) {
  return (
    <span role="gridcell" className="muted">
      <DataText text={item.state} />
    </span>
  );
}

/** How many of the members are contributors. */
export function ContributorsCell({ item }: CellProps) {
  return (
    <span role="gridcell" className="muted num" title={`${plural(item.contributorCount, 'contributor')} of ${plural(item.memberCount, 'member')}`}>
      {item.contributorCount} of {item.memberCount}
    </span>
  );
}

export function DecisionCell({ item }: CellProps) {
  return (
    <span role="gridcell" className={classNames(css['cell-flex'], css['cell-decision'])}>
      <DecisionMark decision={item.decision} />
    </span>
  );
}

export function KeyCell({ item }: CellProps) {
  return (
    <span role="gridcell" className="muted mono">
      <DataText text={item.key} />
    </span>
  );
}
