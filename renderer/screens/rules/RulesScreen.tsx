import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useRef } from 'react';
import type { ViewsReport } from '../../../shared/domain/warehouse.ts';
import { useClient } from '../../api/client-context.tsx';
import { warehouseProgressKey } from '../../api/follow-events.ts';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { offlineReason } from '../../app/off-reasons.ts';
import { addressOf, usePlace } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { useOnline } from '../../app/use-online.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { useBindCommands } from '../../commands/store.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { Link } from '../../components/Link.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { DeployedMark } from './DeployedMark.tsx';
import { VerifyWait, ViewsVerdict } from './ViewsVerdict.tsx';
import { ViewPane } from './ViewPane.tsx';
import { WhatIf } from './what-if/WhatIf.tsx';
import css from './Rules.module.css';

const verifyKey = ['views.verify'];

/** A name that is broken after its underscores where it is too long for a line. */
function BreakableName({ name }: { name: string }) {
  return name.split(/(?<=_)/u).map((part) => (
    <Fragment key={part}>
      {part}
      <wbr />
    </Fragment>
  ));
}

/** The business rules as they are: in words, in SQL, and as they are deployed. */
export function RulesScreen() {
  const verifyButton = useRef<HTMLButtonElement>(null);
  const client = useClient();
  const queryClient = useQueryClient();
  const info = useInfo();
  const isOnline = useOnline();
  const { query } = usePlace();
  const call = useQueryCall('views.list', {});
  const verify = useQuery<ViewsReport>({
    queryKey: verifyKey,
    queryFn: ({ signal }) => client.call('views.verify', {}, signal).finally(() => queryClient.setQueryData(warehouseProgressKey, null)),
    enabled: false,
  });
  useBindCommands({ 'verify-views': { run: () => void verify.refetch(), off: offlineReason(info, isOnline) ?? (verify.isFetching ? 'The views are being verified.' : null) } });
  const cancel = () => {
    void queryClient.cancelQueries({ queryKey: verifyKey });
    verifyButton.current?.focus();
  };
  const views = call.data?.views ?? [];
  const view = views.find((one) => one.name === query.get('view')) ?? views[0];
  const reportOn = (name: string) => verify.data?.views.find((report) => report.name === name);
  const isDeployedAnywhere = (verify.data?.target ?? null) !== null;
  return (
    <>
      <PageHead title="Rules" actions={<CommandButton buttonRef={verifyButton} id="verify-views" icon="checks" />}>
        <span className="muted small">
          Nothing here can deploy or send; <span className="mono">countersign views deploy</span> does, after it has shown its plan.
        </span>
      </PageHead>
      {call.error && <FailureBanner what="The views could not be read" error={errorOf(call.error)} onRetry={() => void call.refetch()} />}
      {verify.isFetching && <VerifyWait onCancel={cancel} />}
      {verify.error && !verify.isFetching && <FailureBanner what="The views could not be verified" error={errorOf(verify.error)} onRetry={() => void verify.refetch()} />}
      {verify.data && !verify.isFetching && !verify.error && <ViewsVerdict report={verify.data} />}
      {view ? (
        <div className={css['rules']}>
          <nav className={css['rule-list']} aria-label="Views">
            <ul>
              {views.map((one) => {
                const report = reportOn(one.name);
                return (
                  <li key={one.name}>
                    <Link to={addressOf('rules', { ...Object.fromEntries(query), view: one.name })} current={one === view ? 'true' : undefined}>
                      <span className={css['name']}>
                        <BreakableName name={one.name} />
                      </span>
                      {report && (
                        <small>
                          <DeployedMark report={report} isDeployedAnywhere={isDeployedAnywhere} />
                        </small>
                      )}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </nav>
          <ViewPane view={view} report={reportOn(view.name)} isDeployedAnywhere={isDeployedAnywhere} />
          <WhatIf view={view} />
        </div>
      ) : (
        <EmptyState icon="rules" title={call.error ? 'No views to show' : 'Reading the views'}>
          {call.error ? 'What is deployed runs as before; only its text cannot be shown here. Try again.' : undefined}
        </EmptyState>
      )}
    </>
  );
}
