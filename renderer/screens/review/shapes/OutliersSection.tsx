import { addressOf, goTo } from '../../../app/place.ts';
import { useQueryCall } from '../../../api/query-call.ts';
import type { ShapeDetail } from '../../../../shared/domain/shape.ts';
import { Button } from '../../../components/Button.tsx';
import { DataText } from '../../../components/DataText.tsx';
import { Link } from '../../../components/Link.tsx';
import { number, plural } from '../../../words.ts';
import { outlierSentence } from '../../../words/outliers.ts';
import { InspectorSection } from '../InspectorSection.tsx';
import css from './Shapes.module.css';

const shownAtOnce = 6;

/** Records that stand out, each with the reason. */
export function OutliersSection({ detail }: { detail: ShapeDetail }) {
  const checks = useQueryCall('checks.list', {}).data?.checks ?? [];
  const meaningOf = (id: string) => checks.find((check) => check.id === id)?.meaning;
  const filter = `shape:${detail.id} outlier:true`;
  const shown = detail.outlierRecords;
  if (detail.outliers === 0) {
    return (
      <InspectorSection title="Outliers" meta="none">
        <p className={`${css['padded']} muted small`}>No record of this shape stands out by a check, by disagreeing contributors, by the size of its group or by a rare change.</p>
      </InspectorSection>
    );
  }
  return (
    <InspectorSection
      title="Outliers"
      meta="look at these one by one"
      actions={
        <Button size="small" onClick={() => goTo(addressOf('review', { filter }))}>
          Review {plural(detail.outliers, 'outlier')}
        </Button>
      }
    >
      <table className={css['outliers']} aria-label="Outliers">
        <thead>
          <tr>
            <th scope="col">Record</th>
            <th scope="col">Why it stands out</th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, shownAtOnce).map((record) => (
            <tr key={`${record.kind} ${record.key}`}>
              <th scope="row">
                <Link to={addressOf('review', { filter, record: record.key, kind: record.kind })}>
                  <DataText text={record.name ?? record.key} />
                </Link>
                <span className={`${css['sub']} mono`}>
                  <DataText text={record.key} />
                </span>
              </th>
              <td>
                {record.reasons.map((reason) => (
                  <div key={`${reason.reason} ${reason.check}`}>{outlierSentence(reason, meaningOf)}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {detail.outliers > shownAtOnce && <p className={`${css['padded']} muted small`}>The first {shownAtOnce} of {number(detail.outliers)}, the rarest reason first.</p>}
    </InspectorSection>
  );
}
