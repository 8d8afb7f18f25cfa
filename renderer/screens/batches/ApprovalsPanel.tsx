import type { Batch } from '../../../shared/domain/batch.ts';
import { useNow } from '../../app/use-now.ts';
import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Panel } from '../../components/Panel.tsx';
import { hashHead } from '../../components/short-hash.ts';
import { momentOf } from '../../words/dates.ts';
import css from './Batches.module.css';

/** Who has approved this plan, and until when it holds. */
export function ApprovalsPanel({ batch }: { batch: Batch }) {
  const now = useNow();
  const until = batch.expiresAt === null ? '' : `, valid until ${momentOf(batch.expiresAt, now)}`;
  return (
    <Panel title="Approvals" meta={`${batch.approvals.length} of ${batch.approvalsNeeded}${until}`}>
      <ul className="stack-2 small">
        {batch.approvals.map((approval) => (
          <li key={`${approval.by} ${approval.at}`} className={css['approval']}>
            <Icon name="seal" size="sm" />
            <span>
              <b className="strong">
                <DataText text={approval.by} />
              </b>{' '}
              approved {approval.key === undefined ? '' : 'by file '}plan <span className="mono">{hashHead(approval.planHash)}</span>, {momentOf(approval.at, now)}
              {approval.key !== undefined && (
                <span className="muted">
                  {' '}
                  Signed elsewhere with the key <span className="mono">{hashHead(approval.key)}</span>.
                </span>
              )}
              {approval.note !== null && approval.note !== '' && (
                <span className="muted">
                  {' '}
                  “<DataText text={approval.note} />”
                </span>
              )}
            </span>
          </li>
        ))}
        {batch.approvals.length === 0 && <li className="muted">No approval yet.</li>}
        <li className="muted">
          Proposed by <DataText text={batch.submittedBy ?? batch.createdBy} />.
        </li>
      </ul>
    </Panel>
  );
}
