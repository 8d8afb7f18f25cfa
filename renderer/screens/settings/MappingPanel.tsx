import type { Mapping } from '../../../shared/domain/mapping.ts';
import { Panel } from '../../components/Panel.tsx';
import tableCss from '../../components/Table.module.css';

/** Which column of the views goes to which field, by which rule. */
export function MappingPanel({ mapping }: { mapping: Mapping }) {
  return (
    <Panel title="Mapping" meta={`${mapping.object}, key ${mapping.keyField}; ${mapping.productionIdField} is never written`} isPadded={false}>
      <table className={tableCss['table']}>
        <thead>
          <tr>
            <th scope="col">Label</th>
            <th scope="col">Column</th>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Rule</th>
            <th scope="col">Blank proposed</th>
          </tr>
        </thead>
        <tbody>
          {mapping.fields.map((field) => (
            <tr key={field.field}>
              <th scope="row">{field.label}</th>
              <td className="mono">{field.column}</td>
              <td className="mono">{field.field}</td>
              <td>
                {field.type}
                {field.length !== undefined && `, ${field.length}`}
                {field.required === true && ', required'}
              </td>
              <td className="mono">{field.rule}</td>
              <td>{field.clear === true ? 'clears the field' : 'is not sent'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
