import type { AppInfo } from '../../shared/contract.ts';
import { useRefresh } from '../app/refresh.tsx';
import { useDialogs } from '../app/dialogs.tsx';
import { useNow } from '../app/use-now.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { useCommandStore } from '../commands/store.tsx';
import { Button } from '../components/Button.tsx';
import { Environment } from '../components/Environment.tsx';
import { Icon } from '../components/Icon.tsx';
import { KeyCaps } from '../components/KeyCaps.tsx';
import { DataText } from '../components/DataText.tsx';
import { ariaKeys } from '../components/key-signs.ts';
import { ageOf } from '../words/dates.ts';
import { SnapshotDialog } from './SnapshotDialog.tsx';
import { ResumePushesDialog } from './PauseDialogs.tsx';
import css from './TitleBar.module.css';

/** From this age on the snapshot is called old. */
const oldAfterMs = 60 * 60 * 1000;

function SnapshotButton({ info }: { info: AppInfo }) {
  const now = useNow();
  const { isRunning } = useRefresh();
  const { open } = useDialogs();
  const snapshot = info.snapshot;
  const isOld = snapshot !== null && now.getTime() - Date.parse(snapshot.takenAt) > oldAfterMs;
  return (
    <button className={css['snapshot-age']} type="button" aria-haspopup="dialog" data-old={isOld} onClick={() => open((close) => <SnapshotDialog onClose={close} />)}>
      <Icon name={isOld ? 'stale' : 'snapshot'} />
      {snapshot === null ? (
        <span>No snapshot yet</span>
      ) : (
        <span>
          Snapshot {snapshot.id}, <b>{ageOf(snapshot.takenAt, now)}</b>
          {isRunning && ', refreshing'}
        </span>
      )}
    </button>
  );
}

/** Org, environment, snapshot's age, palette, pause and identity: on screen in every state. */
export function TitleBar({ info, hasFailed }: { info: AppInfo | undefined; hasFailed: boolean }) {
  const store = useCommandStore();
  const { open } = useDialogs();
  const environment = info?.org?.environment ?? (info?.readOnly === true ? 'bundle' : undefined);
  return (
    <header className={css['titlebar']} data-env={environment} data-region>
      <span className={css['titlebar-mark']} title="Countersign">
        <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
          <rect x="2" y="2" width="20" height="20" rx="6" strokeWidth="1.6" />
          <path d="m5.8 12.6 3 3 4.4-5.2" />
          <path d="m11.6 14.4 1.4 1.3 5.2-6.3" />
        </svg>
      </span>
      <div className={css['org']} role="group" aria-label="Org">
        {info && (
          <span className={css['org-workspace']}>
            <DataText text={info.workspace.name} />
          </span>
        )}
        <span className={css['org-name']}>
          <Icon name="cloud" />
          {info?.org ? <DataText text={info.org.name} /> : info ? 'No org yet' : hasFailed ? 'Org not known' : 'Opening…'}
        </span>
        {info?.org && <Environment environment={info.org.environment} />}
      </div>
      <span className={css['titlebar-rule']} />
      {info && <SnapshotButton info={info} />}
      <button className={css['command-box']} type="button" aria-haspopup="dialog" aria-keyshortcuts={ariaKeys('$mod+k')} onClick={() => store.get('palette')?.run()}>
        <Icon name="search" />
        <span className="clip">Search or run a command</span>
        <KeyCaps keys="$mod+k" />
      </button>
      <div className={css['titlebar-actions']}>
        {info?.paused ? (
          <Button className={css['paused-chip']} icon="pause-circle" size="small" onClick={() => open((close) => <ResumePushesDialog onClose={close} />)}>
            Pushes paused
          </Button>
        ) : (
          <CommandButton id="pause" icon="pause" size="small" label="Pause all pushes">
            <span className="wide">Pause all pushes</span>
          </CommandButton>
        )}
        {info && (
          <Button icon="person" size="small" look="quiet" popup="dialog" label={`Signed in as ${info.identity}`} onClick={() => store.get('switch-identity')?.run()}>
            <DataText text={info.identity} />
          </Button>
        )}
      </div>
    </header>
  );
}
