import type { ChainReport } from '../../../shared/domain/audit-event.ts';
import { useDialogs } from '../../app/dialogs.tsx';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Icon } from '../../components/Icon.tsx';
import { hashHead } from '../../components/short-hash.ts';
import { number, plural } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
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
  if (report.ok) return 'The chain is intact';
  return report.firstBad ? `The chain breaks at event ${number(report.firstBad.seq)}.` : 'The chain is broken.';
}

function WhatThisProves({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="What this proves" onClose={onClose} buttons={<Button onClick={onClose}>Close</Button>}>
      <p>Each event holds the hash of the one before. An intact chain shows that no event was edited, deleted, inserted, reordered or cut off behind the last signed checkpoint since it was written.</p>
      <p>It does not show that what was written was true when it was written, and somebody who holds the signing key of this ledger could forge events after the last copy of the head that is kept elsewhere.</p>
    </Dialog>
  );
}

/** Whether the chain holds, in words: how much was verified, and what is still proven where it breaks. */
export function ChainStatus({ report, isVerifying, verifiedAt }: { report: ChainReport | null; isVerifying: boolean; verifiedAt: number }) {
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
          {report?.firstBad && (
            <span>
              What is wrong: {problemWords[report.firstBad.problem]}. {report.firstBad.text} Events before {number(report.firstBad.seq)} are proven.
            </span>
          )}
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
          <span>Not checked: a copy of the head kept outside this machine.</span>
        </p>
      </div>
      <Button look="quiet" size="small" popup="dialog" onClick={() => open((close) => <WhatThisProves onClose={close} />)}>
        What this proves
      </Button>
    </div>
  );
}
