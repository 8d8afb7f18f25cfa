import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { ShapeDetail } from '../../../../shared/domain/shape.ts';
import { classNames } from '../../../components/class-names.ts';
import { DataText } from '../../../components/DataText.tsx';
import { FieldDiffTable } from '../../../components/FieldDiffTable.tsx';
import { valueWords } from '../../../words/values.ts';
import { InspectorSection } from '../InspectorSection.tsx';
import css from './Shapes.module.css';

/** The fields that change, the same way in every record: values where they are the same, else those of one record with their range. */
export function PatternSection({ detail, mapping }: { detail: ShapeDetail; mapping: Mapping }) {
  const rows = detail.fields.map(({ field, label, rule, transition }) => {
    const example = detail.examples.find((one) => one.field === field);
    const isDate = mapping.fields.find((mapped) => mapped.field === field)?.type === 'instant';
    const isRange = isDate && example !== undefined && example.least !== null && example.most !== null && example.least !== example.most;
    return {
      field,
      label,
      before: example?.before ?? null,
      after: example?.after ?? null,
      change: transition === 'cleared' ? ('cleared' as const) : ('changed' as const),
      why: <span className={classNames('mono small', css['rule'])}>{rule}</span>,
      ...(isRange
        ? {
            below: (
              <p className={css['range']}>
                One example; in this shape from <DataText text={valueWords(example.least, example.most)} /> to <DataText text={valueWords(example.most, example.least)} />
              </p>
            ),
          }
        : {}),
    };
  });
  const isExample = detail.fields.some((field) => !['turned-on', 'turned-off'].includes(field.transition));
  return (
    <InspectorSection title="Pattern" meta={`${detail.fields.length} of ${mapping.fields.length} fields change, the same way in every record`}>
      <FieldDiffTable rows={rows} heads={{ before: 'Before', after: 'After', ...(isExample ? { afterNote: 'example' } : {}), why: 'Rule' }} object={mapping.object} label="Pattern" />
    </InspectorSection>
  );
}
