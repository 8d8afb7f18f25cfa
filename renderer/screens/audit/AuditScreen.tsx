import { useQuery } from '@tanstack/react-query';
import type { ChainReport } from '../../../shared/domain/audit-event.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf, useCommandCall, useQueryCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { addressOf, usePlace } from '../../app/place.ts';
import { offlineReason, readOnlyReason } from '../../app/off-reasons.ts';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { useOnline } from '../../app/use-online.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { useBindCommands } from '../../commands/store.tsx';
import { Banner } from '../../components/Banner.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { Link } from '../../components/Link.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Verbatim } from '../../components/Verbatim.tsx';
import { shippingFailureWords } from '../../words/audit.ts';
import { failureWords } from '../../words/errors.ts';
import { number, plural } from '../../words.ts';
import { ChainStatus } from './ChainStatus.tsx';
import { Checkpoints } from './Checkpoints.tsx';
import { Events } from './Events.tsx';
import tabsCss from '../../components/Tabs.module.css';

/** Prove what happened, and answer what happened to a record. */
export function AuditScreen() {
  const { query } = usePlace();
  const view = query.get('view') === 'checkpoints' ? 'checkpoints' : 'events';
  const info = useInfo();
  const client = useClient();
  const { notify } = useNotifications();
  const report = useQuery<ChainReport>({ queryKey: ['audit.verify'], queryFn: ({ signal }) => client.call('audit.verify', {}, signal), enabled: false });
  const shipping = useQueryCall('audit.shipping', {}, { keepPrevious: true });
  const now = useNow();
  const isOnline = useOnline();
  const anchoring = useCommandCall('audit.anchor');
  const anchor = () => anchoring.mutate({}, { onSuccess: (done) => notify(done.anchor ? `Anchored event ${number(done.anchor.seq)} in ${done.place}.` : `Copied the audit log to ${done.place}.`) });
  const exporting = useCommandCall('audit.export');
  const exportAs = (format: 'csv' | 'jsonl') =>
    exporting.mutate(
      { format },
      {
        onSuccess: (result) => notify(`Exported ${plural(result.events, 'event')} to ${result.file}.`),
        onError: (failure) => notify(`${failureWords(errorOf(failure)).title}. ${errorOf(failure).message}`, { look: 'problem' }),
      },
    );
  const failure = shipping.data?.failure ?? null;
  const exportOff = exporting.isPending ? 'An export is being written.' : null;
  useBindCommands({
    'verify-chain': { run: () => void report.refetch(), off: report.isFetching ? 'The chain is being verified.' : null },
    'anchor-now': { run: anchor, off: readOnlyReason(info) ?? offlineReason(info, isOnline) ?? (anchoring.isPending ? 'The audit log is being copied.' : null) },
    'export-csv': { run: () => exportAs('csv'), off: exportOff },
    'export-jsonl': { run: () => exportAs('jsonl'), off: exportOff },
  });
  return (
    <>
      <PageHead
        title="Audit"
        actions={
          <>
            <CommandButton id="export-csv" icon="download" />
            <CommandButton id="export-jsonl" icon="download" />
            <CommandButton id="anchor-now" icon="anchor" />
            <CommandButton id="verify-chain" icon="seal" look="primary" />
          </>
        }
      >
        <nav className={tabsCss['tabs']} aria-label="Audit views">
          <Link className={tabsCss['tab']} to={addressOf('audit')} current={view === 'events' ? 'page' : undefined}>
            Events {info && <span className={tabsCss['count']}>{number(info.chain.events)}</span>}
          </Link>
          <Link className={tabsCss['tab']} to={addressOf('audit', { view: 'checkpoints' })} current={view === 'checkpoints' ? 'page' : undefined}>
            Checkpoints
          </Link>
        </nav>
      </PageHead>
      {report.error && <FailureBanner what="The chain could not be verified" error={errorOf(report.error)} onRetry={() => void report.refetch()} />}
      {anchoring.error && <FailureBanner what="The audit log could not be anchored" error={errorOf(anchoring.error)} onRetry={anchor} />}
      {failure && !anchoring.error && shipping.data && (
        <Banner severity={failure.fork ? 'blocker' : 'warning'} icon="anchor" title={shippingFailureWords(shipping.data, failure, now).title} actions={<CommandButton id={failure.fork ? 'verify-chain' : 'anchor-now'} size="small" />}>
          {shippingFailureWords(shipping.data, failure, now).meaning}
          <Verbatim label="Why copying failed" text={failure.message} />
        </Banner>
      )}
      <ChainStatus report={report.data ?? null} isVerifying={report.isFetching} verifiedAt={report.dataUpdatedAt} shipping={shipping.data} />
      {view === 'events' ? <Events anchor={shipping.data?.anchor ?? null} /> : <Checkpoints shipping={shipping.data} />}
    </>
  );
}
