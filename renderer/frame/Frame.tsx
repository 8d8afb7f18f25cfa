import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useClient } from '../api/client-context.tsx';
import { errorOf, useQueryCall } from '../api/query-call.ts';
import { useDialogs } from '../app/dialogs.tsx';
import { addressOf, usePlace } from '../app/place.ts';
import { useRefresh } from '../app/refresh.tsx';
import { useInfo } from '../app/use-info.ts';
import { useRunSign } from '../app/use-run-sign.ts';
import { useKeys } from '../commands/use-keys.ts';
import { FailureBanner } from '../components/Failure.tsx';
import { Banner } from '../components/Banner.tsx';
import { Link } from '../components/Link.tsx';
import { isOfWarehouse } from '../words/errors.ts';
import { commandSpec } from '../commands/list.ts';
import { FailedStepBanner } from './FailedStepBanner.tsx';
import { OpenRunDialog } from './OpenRunDialog.tsx';
import { GlobalBanners } from './GlobalBanners.tsx';
import { NotificationArea } from './NotificationArea.tsx';
import { Rail } from './Rail.tsx';
import { RefreshBanner } from './RefreshBanner.tsx';
import { StatusBar } from './StatusBar.tsx';
import { TitleBar } from './TitleBar.tsx';
import { useFrameCommands } from './use-frame-commands.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import css from './Frame.module.css';

const withGrid = new Set(['review', 'audit', 'checks']);

/** Title bar, rail, screen, status bar and messages: the same around every screen. */
export function Frame({ children }: { children: ReactNode }) {
  const info = useInfo();
  const opening = useQueryCall('app.info', {}, { keepPrevious: true });
  const { screen, query } = usePlace();
  const client = useClient();
  const refresh = useRefresh();
  const { open } = useDialogs();
  const [isConnected, setConnected] = useState(true);
  const sign = useRunSign(info);
  const isOpening = useRef(true);
  useFrameCommands(info);
  useKeys();
  useKeptFocus('main');
  useEffect(() => client.onClose(() => setConnected(false)), [client]);
  useEffect(() => {
    document.title = [sign?.short, commandSpec(screen).label, 'Countersign'].filter(Boolean).join(' · ');
  }, [screen, sign?.short]);
  useEffect(() => {
    if (!info || !isOpening.current) return;
    isOpening.current = false;
    const runId = info.interruptedRun;
    if (runId !== null) open((close) => <OpenRunDialog runId={runId} onClose={close} />);
  }, [info, open]);
  return (
    <>
      <a className={css['skip']} href="#main">
        Skip to main content
      </a>
      <div className={css['app']}>
        <TitleBar info={info} hasFailed={opening.error !== null} />
        <Rail screen={screen} info={info} sign={sign} />
        <main className={css['main']} id="main" tabIndex={-1}>
          {!isConnected && <Banner severity="blocker" icon="offline" title="The connection to Countersign is closed." actions={<a href={window.location.href}>Reload</a>}>What you see may be old. Nothing you do here is kept until the page is loaded again.</Banner>}
          {opening.error && isConnected && <FailureBanner what="The state of the workspace could not be read" error={errorOf(opening.error)} onRetry={() => void opening.refetch()} />}
          {refresh.error && <FailureBanner what="The refresh failed" error={refresh.error} onRetry={refresh.start} actions={isOfWarehouse(refresh.error) && <Link to={addressOf('settings')}>Connections</Link>} />}
          <FailedStepBanner />
          <RefreshBanner />
          {info && <GlobalBanners info={info} screen={screen} />}
          {children}
        </main>
        <StatusBar info={info} sign={sign} isConnected={isConnected} hasGrid={withGrid.has(screen) && [null, 'shapes'].includes(query.get('view'))} />
        <NotificationArea />
      </div>
    </>
  );
}
