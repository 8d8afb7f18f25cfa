import { isEffective } from '../../../shared/domain/field-diff.ts';
import type { MappedField } from '../../../shared/domain/mapping.ts';
import type { ExplainedField, PendingDetail } from '../../../shared/domain/pending-change.ts';
import { classNames } from '../../components/class-names.ts';
import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import { valueWords } from '../../words/values.ts';
import { mappingOf, roleWords, type Contributor } from './contributor-order.ts';
import css from './Contributors.module.css';

function PropertyHead({ contributor }: { contributor: Contributor }) {
  const { property, isIgnored } = contributor;
  const role = roleWords(contributor);
  return (
    <th scope="col" className={classNames(isIgnored && css['is-ignored'])}>
      <span className={classNames('mono', css['id'])} title={property.id}>
        <DataText text={property.id} />
      </span>
      <span className={css['sub']}>{role === null ? 'contributes' : <DataText text={role} />}</span>
    </th>
  );
}

function FieldLine({ field, column, contributors }: { field: ExplainedField; column: string | undefined; contributors: readonly Contributor[] }) {
  const words = (contributor: Contributor) => valueWords((column === undefined ? null : contributor.property.values[column]) ?? null, field.after);
  return (
    <tr>
      <th scope="row" className={css['stays']}>
        {field.label}
      </th>
      {contributors.map((contributor) => {
        const hasWon = contributor.won.has(field.field);
        return (
          <td key={contributor.property.id} className={classNames(contributor.isIgnored && css['is-ignored'], hasWon && css['has-won'])}>
            <span title={hasWon ? 'Gives the proposed value' : undefined}>
              <DataText text={words(contributor)} />
              {hasWon && <Icon name="check-circle" size="sm" />}
              {hasWon && <span className="visually-hidden">won</span>}
            </span>
          </td>
        );
      })}
      <td className={css['proposed']}>
        <DataText text={valueWords(field.after, field.before)} />
      </td>
    </tr>
  );
}

/** The fields of a record with one column for each RDS property; scrolls sideways under the names of the fields. */
export function ContributorColumns({ detail, contributors, mapped, showsAll }: { detail: PendingDetail; contributors: readonly Contributor[]; mapped: readonly MappedField[]; showsAll: boolean }) {
  const fields = showsAll ? detail.fields : detail.fields.filter((field) => isEffective(field.change));
  return (
    <div className={css['scroller']} role="group" tabIndex={0} aria-label="Values by property">
      <table className={classNames(css['contributors'], css['columns'])}>
        <thead>
          <tr>
            <th scope="col" className={css['stays']}>
              Field
            </th>
            {contributors.map((contributor) => (
              <PropertyHead key={contributor.property.id} contributor={contributor} />
            ))}
            <th scope="col">Proposed for Salesforce</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <FieldLine key={field.field} field={field} column={mappingOf(mapped, field.field)?.column} contributors={contributors} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
