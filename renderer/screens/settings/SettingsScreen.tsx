import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { FailureBanner } from '../../components/Failure.tsx';
import { PageBody, PageHead } from '../../components/PageHead.tsx';
import { Panel } from '../../components/Panel.tsx';
import { percent } from '../../words.ts';
import { ConnectionsPanel } from './ConnectionsPanel.tsx';
import { DiagnosticsPanel } from './DiagnosticsPanel.tsx';
import { DisplayPanel } from './DisplayPanel.tsx';
import { MappingPanel } from './MappingPanel.tsx';
import { PolicyPanel } from './PolicyPanel.tsx';
import factsCss from '../../components/Facts.module.css';

/** How this workspace is connected and what it demands. */
export function SettingsScreen() {
  const settings = useQueryCall('settings.get', {}, { keepPrevious: true });
  const data = settings.data;
  return (
    <>
      <PageHead title="Settings" />
      {settings.error && <FailureBanner what="The settings could not be read" error={errorOf(settings.error)} onRetry={() => void settings.refetch()} />}
      <PageBody>
        {data && (
          <>
            <ConnectionsPanel connections={data.connections} />
            <PolicyPanel key={JSON.stringify(data.policy)} policy={data.policy} />
            <Panel title="Thresholds" meta="set in the configuration of the workspace">
              <dl className={factsCss['facts']}>
                <dt>Active properties missing</dt>
                <dd>more than {data.thresholds.missing}</dd>
                <dt>Backlog</dt>
                <dd>more than {data.thresholds.backlog} pending changes</dd>
                <dt>Error rate</dt>
                <dd>above {percent(data.thresholds.errorRate)}</dd>
                <dt>Feature accuracy</dt>
                <dd>below {percent(data.thresholds.accuracy)}</dd>
              </dl>
            </Panel>
            <MappingPanel mapping={data.mapping} />
          </>
        )}
        <DisplayPanel />
        <DiagnosticsPanel />
      </PageBody>
    </>
  );
}
