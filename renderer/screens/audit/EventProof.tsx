import type { AuditEvent } from '../../../shared/domain/audit-event.ts';
import type { Anchor } from '../../../shared/domain/warehouse.ts';
import { useQueryCall } from '../../api/query-call.ts';
import { useCopy } from '../../app/use-copy.ts';
import { useNow } from '../../app/use-now.ts';
import { Button } from '../../components/Button.tsx';
import { classNames } from '../../components/class-names.ts';
import { number } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
import factsCss from '../../components/Facts.module.css';
import css from './Audit.module.css';

/** What vouches for one event: its place in the chain, the signature and the anchor that cover it. */
export function EventProof({ event, anchor }: { event: AuditEvent; anchor: Anchor | null }) {
  const now = useNow();
  const copy = useCopy();
  const checkpoints = useQueryCall('audit.checkpoints', {}).data?.checkpoints ?? [];
  const signed = checkpoints.filter((checkpoint) => checkpoint.seq >= event.seq).sort((a, b) => a.seq - b.seq)[0];
  return (
    <section aria-label="Proof">
      <h3>Proof</h3>
      <dl className={classNames(factsCss['facts'], 'small')}>
        <dt>Hash</dt>
        <dd className={classNames('mono', css['hash-text'])}>{event.hash}</dd>
        <dt>Previous</dt>
        <dd className={classNames('mono', css['hash-text'])}>{event.prev}</dd>
        <dt>Signed in</dt>
        <dd>{signed ? `checkpoint at event ${number(signed.seq)}` : 'no checkpoint yet'}</dd>
        <dt>Anchored</dt>
        <dd>{anchor && anchor.seq >= event.seq ? `by the anchor at event ${number(anchor.seq)}, ${momentOf(anchor.at, now)}` : 'not yet'}</dd>
      </dl>
      <p className={css['section-space']}>
        <Button size="small" icon="copy" onClick={() => void copy(JSON.stringify(event, null, 2), 'Copied the event as JSON.')}>
          Copy as JSON
        </Button>
      </p>
    </section>
  );
}
