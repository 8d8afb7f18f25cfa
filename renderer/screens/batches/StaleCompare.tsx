import type { RecordOutcome } from '../../../shared/domain/outcome.ts';
import { DataText } from '../../components/DataText.tsx';
import { FieldDiffTable } from '../../components/FieldDiffTable.tsx';
import { valueWords } from '../../words/values.ts';

/** Before-image and what was written; for a stale record also what Salesforce holds now. */
export function StaleCompare({ record, labelOf }: { record: RecordOutcome; labelOf: (field: string) => string }) {
  const fields = Object.keys(record.after);
  const rows = fields.map((field) => {
    const before = record.before?.[field] ?? null;
    const after = record.after[field] ?? null;
    const found = record.now?.[field];
    const isOther = found !== undefined && found !== before;
    return {
      field,
      label: labelOf(field),
      before,
      after,
      change: before === after ? ('equal' as const) : ('changed' as const),
      ...(isOther
        ? {
            below: (
              <p className="small">
                ! Now in Salesforce: <DataText text={valueWords(found)} />
              </p>
            ),
          }
        : {}),
    };
  });
  const heads = record.outcome === 'stale' ? { before: 'Reviewed', after: 'Proposed' } : { before: 'Before', after: record.outcome === 'succeeded' ? 'Written' : 'Planned' };
  return <FieldDiffTable heads={heads} rows={rows} label={`Values of ${record.name ?? record.key}`} />;
}
