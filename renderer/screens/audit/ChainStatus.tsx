import type { ChainReport } from '../../../shared/domain/audit-event.ts';
import type { Shipping } from '../../../shared/domain/warehouse.ts';
import { useDialogs } from '../../app/dialogs.tsx';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { hashHead } from '../../components/short-hash.ts';
import { number, plural } from '../../words.ts';
import { anchorSentence, anchorVerdict, breakHeadline, disagreementMeaning } from '../../words/audit.ts';
import { momentOf } from '../../words/dates.ts';
import { WhatThisProves } from './WhatThisProves.tsx';
import css from './Audit.module.css';

const problemWords = {
  altered: 'an event was altered',
  missing: 'an event is missing',
  reordered: 'events are out of order',
  foreign: 'an event of another ledger was put in',
  truncated: 'events at the end were cut off',
  signature: 'a signature does not fit',
  forked: 'it goes on in two ways',
} as const;

function headline(report: ChainReport | null, isVerifying: boolean): string {
  if (isVerifying) return 'Verifying the chain';
  if (!report) return 'The chain has not been verified in this window';
  return report.ok ? 'The chain is intact' : breakHeadline(report);
}

/** Whether the chain holds, in words: how much was verified, and what is still proven where it breaks. */
export function ChainStatus({ report, isVerifying, verifiedAt, shipping }: { report: ChainReport | null; isVerifying: boolean; verifiedAt: number; shipping: Shipping | undefined }) {
  const info = useInfo();
  const now = useNow();
  const { open } = useDialogs();
  const isBroken = report !== null && !report.ok;
  const head = report?.head ?? info?.chain.head ?? null;
  return (
    <div className={css['chain-status']}>
      <span className={css['chain-seal']} data-state={isBroken ? 'broken' : report ? 'intact' : 'not-verified'}>
        <Icon name={isBroken ? 'octagon' : report ? 'seal' : 'link'} size="lg" />
      </span>
      <div role={isBroken ? 'alert' : 'status'} aria-label="Chain status">
        <h2>{headline(report, isVerifying)}</h2>
        <p className={css['chain-facts']}>
          {report ? (
            <span>
              {plural(report.events, 'event')} verified, {momentOf(new Date(verifiedAt).toISOString(), now)}, in {report.seconds.toFixed(1)} s
            </span>
          ) : (
            info && <span>{plural(info.chain.events, 'event')}. Verify chain reads every one again.</span>
          )}
          {report?.anchor.state === 'disagrees' && <span className={css['chain-meaning']}>{disagreementMeaning(report)}</span>}
          {report?.firstBad && (
            <span>
              What is wrong: {problemWords[report.firstBad.problem]}. {report.firstBad.text} Events before {number(report.firstBad.seq)} are proven.
            </span>
          )}
          {report?.warnings.map((warning) => <span key={warning}>{warning}</span>)}
          {head !== null && (
            <span>
              Head <span className="mono">{hashHead(head)}</span>
            </span>
          )}
          {report && (
            <span>
              {plural(report.checkpoints, 'signed checkpoint')}{report.lastCheckpoint && `, the last at event ${number(report.lastCheckpoint.seq)}, ${momentOf(report.lastCheckpoint.at, now)}; ${plural(report.events - report.lastCheckpoint.seq, 'event')} since`}
            </span>
          )}
          {shipping?.anchor && <span>{anchorSentence(shipping.anchor, shipping.place, info?.chain.events ?? shipping.events, now)}</span>}
          <span>{report ? anchorVerdict(report.anchor) : !shipping?.anchor && 'Not anchored yet: no copy of the head is kept outside this ledger'}</span>
        </p>
      </div>
      <Button look="quiet" size="small" popup="dialog" onClick={() => open((close) => <WhatThisProves onClose={close} />)}>
        What this proves
      </Button>
    </div>
  );
}
