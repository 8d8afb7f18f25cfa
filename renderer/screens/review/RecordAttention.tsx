import type { PendingDetail } from '../../../shared/domain/pending-change.ts';
import { useQueryCall } from '../../api/query-call.ts';
import { Icon } from '../../components/Icon.tsx';
import { standsOutSentence } from '../../words/outliers.ts';
import { riskSentence } from '../../words/risk.ts';
import css from './Inspector.module.css';

/** Why a record comes early in the order of risk, and why it stands out in its shape. */
export function RecordAttention({ detail }: { detail: PendingDetail }) {
  const checks = useQueryCall('checks.list', {}, { enabled: detail.outlierReasons.some(({ reason }) => reason === 'check') }).data?.checks ?? [];
  const meaningOf = (id: string) => (detail.recordChecks.find((check) => check.id === id) ?? checks.find((check) => check.id === id))?.meaning;
  const risk = riskSentence(detail.risk);
  if (risk === null && detail.outlierReasons.length === 0) return null;
  return (
    <ul className={css['attention']} aria-label="Why to look closely">
      {risk !== null && (
        <li>
          <Icon name="sort" size="sm" /> <span>{risk}</span>
        </li>
      )}
      {detail.outlierReasons.map((reason) => (
        <li key={`${reason.reason} ${reason.check}`}>
          <Icon name="shape" size="sm" /> <span>{standsOutSentence(reason, meaningOf)}</span>
        </li>
      ))}
    </ul>
  );
}
