import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { useNow } from '../../app/use-now.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { PageBody } from '../../components/PageHead.tsx';
import { Panel } from '../../components/Panel.tsx';
import { shortHash } from '../../components/short-hash.ts';
import type { Shipping } from '../../../shared/domain/warehouse.ts';
import { number, plural } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
import { LastAnchor } from './LastAnchor.tsx';
import tableCss from '../../components/Table.module.css';
import css from './Audit.module.css';

/** Signed heads of the chain: what was true up to them cannot be changed unseen. */
export function Checkpoints({ shipping }: { shipping: Shipping | undefined }) {
  const call = useQueryCall('audit.checkpoints', {});
  const now = useNow();
  if (call.error) return <FailureBanner what="The checkpoints could not be read" error={errorOf(call.error)} onRetry={() => void call.refetch()} />;
  const checkpoints = [...(call.data?.checkpoints ?? [])].sort((a, b) => b.seq - a.seq);
  if (call.data && checkpoints.length === 0) {
    return (
      <EmptyState icon="seal" title="No checkpoints yet">
        One is signed after every 100 events, at each approval and at the start and end of a run.
      </EmptyState>
    );
  }
  return (
    <PageBody>
      {shipping && <LastAnchor shipping={shipping} />}
        <Panel title="Checkpoints" meta={plural(checkpoints.length, 'signed head')} isPadded={false} {...(call.data?.publicKey ? { foot: <span className={css['hash-text']}>Public key {call.data.publicKey}</span> } : {})}>
          <table className={tableCss['table']}>
            <thead>
              <tr>
                <th scope="col">Event</th>
                <th scope="col">Signed</th>
                <th scope="col">Head</th>
                <th scope="col">Signature</th>
              </tr>
            </thead>
            <tbody>
              {checkpoints.map((checkpoint) => (
                <tr key={checkpoint.seq}>
                  <th scope="row">{number(checkpoint.seq)}</th>
                  <td title={checkpoint.at}>{momentOf(checkpoint.at, now)}</td>
                  <td className="mono" title={checkpoint.head}>
                    {shortHash(checkpoint.head)}
                  </td>
                  <td className="mono" title={checkpoint.signature}>
                    {checkpoint.signature.slice(0, 16)}…
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
    </PageBody>
  );
}
