import type { Shipping } from '../../../shared/domain/warehouse.ts';
import { useNow } from '../../app/use-now.ts';
import { DataText } from '../../components/DataText.tsx';
import { Panel } from '../../components/Panel.tsx';
import { shortHash } from '../../components/short-hash.ts';
import { number, plural } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
import factsCss from '../../components/Facts.module.css';

/** The newest copy of the head in the warehouse, and how far the events themselves were copied. */
export function LastAnchor({ shipping }: { shipping: Shipping }) {
  const now = useNow();
  const { anchor } = shipping;
  return (
    <Panel title="Last anchor" meta="a copy of the head, kept where this ledger is not">
      <dl className={factsCss['facts']}>
        <dt>Kept in</dt>
        <dd>
          <DataText text={shipping.place} />
        </dd>
        <dt>Anchored</dt>
        <dd title={anchor?.at}>{anchor ? `event ${number(anchor.seq)}, ${momentOf(anchor.at, now)}; ${plural(Math.max(0, shipping.events - anchor.seq), 'event')} since` : 'not yet'}</dd>
        {anchor && (
          <>
            <dt>Head</dt>
            <dd className="mono" title={anchor.head}>
              {shortHash(anchor.head)}
            </dd>
          </>
        )}
        <dt>Events copied</dt>
        <dd>
          {number(shipping.shipped)} of {number(shipping.events)}
          {shipping.backlog > 0 && `; ${number(shipping.backlog)} wait`}
        </dd>
      </dl>
    </Panel>
  );
}
