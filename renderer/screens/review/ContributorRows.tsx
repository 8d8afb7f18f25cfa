import type { MappedField } from '../../../shared/domain/mapping.ts';
import type { PendingDetail } from '../../../shared/domain/pending-change.ts';
import { classNames } from '../../components/class-names.ts';
import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import { SeverityMark } from '../../components/Mark.tsx';
import { instantOf } from '../../words/dates.ts';
import type { Contributor } from './contributor-order.ts';
import css from './Contributors.module.css';

/** "Bank linking enabled" is "Bank" at the head of a narrow column. */
function shortLabel(field: MappedField): string {
  return field.label.replace(/ enabled$/u, '').split(' ')[0] ?? field.label;
}

function Flag({ isOn, isIgnored, hasWon }: { isOn: boolean; isIgnored: boolean; hasWon: boolean }) {
  if (!isOn) {
    return (
      <span className="faint" role="img" aria-label="FALSE">
        –
      </span>
    );
  }
  return (
    <span title={hasWon ? 'Gives the proposed value' : undefined}>
      <Icon name={isIgnored ? 'check-ignored' : hasWon ? 'check-circle' : 'check'} size="sm" label={isIgnored ? 'TRUE, ignored' : 'TRUE'} />
      {hasWon && <span className="visually-hidden">won</span>}
    </span>
  );
}

function PropertyRow({ contributor: { property, isIgnored, won }, flags }: { contributor: Contributor; flags: readonly MappedField[] }) {
  const role = isIgnored ? 'ignored' : property.isPrimary ? 'primary' : null;
  return (
    <tr className={classNames(isIgnored && css['is-ignored'])}>
      <th scope="row">
        <span className={classNames('mono', css['id'])} title={property.id}>
          <DataText text={property.id} />
        </span>
        <span className={css['sub']}>
          <DataText text={property.name} />
        </span>
      </th>
      <td>
        {property.isActive ? (
          <SeverityMark severity="ok" icon="check">
            ACTIVE
          </SeverityMark>
        ) : (
          <SeverityMark severity="note" icon="minus">
            <DataText text={property.status} />
          </SeverityMark>
        )}
        <span className={css['sub']}>
          {[role, property.updatedAt === null ? null : `updated ${instantOf(property.updatedAt, null)}`].filter((part) => part !== null).join(', ')}
        </span>
      </td>
      {flags.map((field) => (
        <td key={field.field} className={classNames(css['flag'], won.has(field.field) && css['has-won'])}>
          <Flag isOn={property.values[field.column] === true} isIgnored={isIgnored} hasWon={won.has(field.field)} />
        </td>
      ))}
    </tr>
  );
}

/** One row for each RDS property of the record with its flags, and what is proposed from them. */
export function ContributorRows({ detail, contributors, mapped }: { detail: PendingDetail; contributors: readonly Contributor[]; mapped: readonly MappedField[] }) {
  const flags = mapped.filter((field) => field.type === 'flag');
  const proposed = (field: MappedField) => detail.fields.find((explained) => explained.field === field.field)?.after === true;
  return (
    <table className={css['contributors']}>
      <thead>
        <tr>
          <th scope="col">Property</th>
          <th scope="col">Status</th>
          {flags.map((field) => (
            <th key={field.field} scope="col" className={css['flag']} title={field.label}>
              {shortLabel(field)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {contributors.map((contributor) => (
          <PropertyRow key={contributor.property.id} contributor={contributor} flags={flags} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            Proposed for Salesforce
          </th>
          {flags.map((field) => (
            <td key={field.field} className={css['flag']}>
              <Flag isOn={proposed(field)} isIgnored={false} hasWon={false} />
            </td>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}
