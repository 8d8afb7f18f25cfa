import type { MappedField } from '../../../shared/domain/mapping.ts';
import type { PendingDetail, Property } from '../../../shared/domain/pending-change.ts';
import { useInfo } from '../../app/use-info.ts';
import { classNames } from '../../components/class-names.ts';
import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import { SeverityMark } from '../../components/Mark.tsx';
import { instantOf } from '../../words/dates.ts';
import { contributorsSentence } from '../../words/why.ts';
import { InspectorSection } from './InspectorSection.tsx';
import css from './Contributors.module.css';

/** "Bank linking enabled" is "Bank" at the head of a narrow column. */
function shortLabel(field: MappedField): string {
  return field.label.replace(/ enabled$/u, '').split(' ')[0] ?? field.label;
}

function Flag({ isOn, isIgnored }: { isOn: boolean; isIgnored: boolean }) {
  if (!isOn) {
    return (
      <span className="faint" role="img" aria-label="FALSE">
        –
      </span>
    );
  }
  return <Icon name={isIgnored ? 'check-ignored' : 'check'} size="sm" label={isIgnored ? 'TRUE, ignored' : 'TRUE'} />;
}

function PropertyRow({ property, flags, isIgnored }: { property: Property; flags: readonly MappedField[]; isIgnored: boolean }) {
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
        <td key={field.field} className={css['flag']}>
          <Flag isOn={property.values[field.column] === true} isIgnored={isIgnored} />
        </td>
      ))}
    </tr>
  );
}

/** One row per RDS property of the record, and what is proposed from them. */
export function Contributors({ detail }: { detail: PendingDetail }) {
  const flags = useInfo()?.mapping.fields.filter((field) => field.type === 'flag') ?? [];
  const proposed = (field: MappedField) => detail.fields.find((explained) => explained.field === field.field)?.after === true;
  return (
    <InspectorSection title="Contributors" meta={contributorsSentence(detail)}>
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
          {detail.contributors.map((property) => (
            <PropertyRow key={property.id} property={property} flags={flags} isIgnored={false} />
          ))}
          {detail.ignored.map((property) => (
            <PropertyRow key={property.id} property={property} flags={flags} isIgnored />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              Proposed for Salesforce
            </th>
            {flags.map((field) => (
              <td key={field.field} className={css['flag']}>
                <Flag isOn={proposed(field)} isIgnored={false} />
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </InspectorSection>
  );
}
