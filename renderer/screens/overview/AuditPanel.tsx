import type { CallOutput } from '../../../shared/contract.ts';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { addressOf } from '../../app/place.ts';
import { useNow } from '../../app/use-now.ts';
import { DataText } from '../../components/DataText.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { Link } from '../../components/Link.tsx';
import { Panel } from '../../components/Panel.tsx';
import { number } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
import factsCss from '../../components/Facts.module.css';

/** How far the audit log has a witness outside its own ledger. */
export function AuditPanel() {
  const call = useQueryCall('audit.shipping', {}, { keepPrevious: true });
  return (
    <Panel title="Audit log" actions={<Link to={addressOf('audit')}>Open Audit</Link>}>
      {call.error && <FailureCallout what="What of the audit log is copied could not be read" error={errorOf(call.error)} onRetry={() => void call.refetch()} />}
      {call.data ? <CopiedFacts shipping={call.data} /> : !call.error && <p className="muted">Reading…</p>}
    </Panel>
  );
}

function CopiedFacts({ shipping }: { shipping: CallOutput<'audit.shipping'> }) {
  const now = useNow();
  const { anchor, failure, backlog } = shipping;
  return (
    <dl className={factsCss['facts']}>
      <dt>Audit anchor</dt>
      <dd title={anchor?.at}>{anchor ? `${momentOf(anchor.at, now)}, event ${number(anchor.seq)}` : 'not anchored yet'}</dd>
      <dt>Kept in</dt>
      <dd>
        <DataText text={shipping.place} />
      </dd>
      <dt>Events copied</dt>
      <dd>
        {number(shipping.shipped)} of {number(shipping.events)}
        {failure !== null && backlog > 0 && `; copying fails, ${number(backlog)} wait`}
      </dd>
    </dl>
  );
}
