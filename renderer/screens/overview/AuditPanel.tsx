import { useQueryCall } from '../../api/query-call.ts';
import { addressOf } from '../../app/place.ts';
import { useNow } from '../../app/use-now.ts';
import { DataText } from '../../components/DataText.tsx';
import { Link } from '../../components/Link.tsx';
import { Panel } from '../../components/Panel.tsx';
import { number } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
import factsCss from '../../components/Facts.module.css';

/** How far the audit log has a witness outside its own ledger. */
export function AuditPanel() {
  const now = useNow();
  const shipping = useQueryCall('audit.shipping', {}, { keepPrevious: true }).data;
  if (!shipping) return null;
  const { anchor, failure, backlog } = shipping;
  return (
    <Panel title="Audit log" actions={<Link to={addressOf('audit')}>Open Audit</Link>}>
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
    </Panel>
  );
}
