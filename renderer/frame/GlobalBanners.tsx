import type { AppInfo } from '../../shared/contract.ts';
import type { Screen } from '../app/place.ts';
import { useDialogs } from '../app/dialogs.tsx';
import { isCutOff } from '../app/off-reasons.ts';
import { useNow } from '../app/use-now.ts';
import { useOnline } from '../app/use-online.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { Banner } from '../components/Banner.tsx';
import { Button } from '../components/Button.tsx';
import { DataText } from '../components/DataText.tsx';
import { ageOf, momentOf } from '../words/dates.ts';
import { ResumePushesDialog } from './PauseDialogs.tsx';

const dayMs = 24 * 60 * 60 * 1000;
const pausedScreens = new Set<Screen>(['overview', 'batches', 'corrections']);

/** What everyone must know before going on: read only, offline, old snapshot, paused pushes. */
export function GlobalBanners({ info, screen }: { info: AppInfo; screen: Screen }) {
  const now = useNow();
  const isOnline = useOnline();
  const { open } = useDialogs();
  const isOld = info.snapshot !== null && now.getTime() - Date.parse(info.snapshot.takenAt) > dayMs;
  return (
    <>
      {info.readOnly && (
        <Banner icon="file" title="Read only.">
          Everything can be looked at; nothing can be decided, pushed or changed.
        </Banner>
      )}
      {isCutOff(info, isOnline) && (
        <Banner severity="warning" icon="offline" title="This machine is offline.">
          {info.snapshot ? `Reviewing goes on with snapshot ${info.snapshot.id}. ` : ''}Refreshing, pushing and copying the audit log wait for the network.
        </Banner>
      )}
      {isOld && info.snapshot && (
        <Banner severity="warning" icon="clock" title={`Snapshot ${info.snapshot.id} is ${ageOf(info.snapshot.takenAt, now)}.`} actions={<CommandButton id="refresh" size="small" />}>
          Records may have changed since. A push re-reads every record and leaves changed ones alone.
        </Banner>
      )}
      {info.paused && pausedScreens.has(screen) && (
        <Banner
          severity="blocker"
          icon="pause-circle"
          title="Pushes paused."
          actions={
            <Button size="small" onClick={() => open((close) => <ResumePushesDialog onClose={close} />)}>
              Resume pushes…
            </Button>
          }
        >
          By <DataText text={info.paused.by} /> at {momentOf(info.paused.at, now)}: “<DataText text={info.paused.reason} />”
        </Banner>
      )}
    </>
  );
}
