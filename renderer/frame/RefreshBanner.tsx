import { useEffect, useState } from 'react';
import type { RefreshProgress } from '../../shared/domain/snapshot.ts';
import type { WarehouseProgress } from '../../shared/domain/warehouse.ts';
import { useRefresh } from '../app/refresh.tsx';
import { useNotifications } from '../app/notifications.tsx';
import { useInfo } from '../app/use-info.ts';
import { useWarehouseProgress } from '../app/use-warehouse-progress.ts';
import { Banner } from '../components/Banner.tsx';
import { Button } from '../components/Button.tsx';
import { Verbatim } from '../components/Verbatim.tsx';
import { refreshStepWords } from '../words.ts';
import { isWaiting, progressWords, reasonOf } from '../words/warehouse.ts';
import { countsOf, shareOf } from './RefreshSteps.tsx';
import css from './RefreshBanner.module.css';

const quickMs = 150;

function titleOf(progress: RefreshProgress | null, waiting: WarehouseProgress | null): string {
  if (waiting) return `Refreshing: ${progressWords(waiting)}`;
  return progress ? `Refreshing: ${refreshStepWords[progress.step]}` : 'Refreshing';
}

/** A refresh that takes longer than a moment: how far it is, with Cancel; what was there stays usable. */
export function RefreshBanner() {
  const { isRunning, progress, cancel } = useRefresh();
  const { say } = useNotifications();
  const snapshot = useInfo()?.snapshot ?? null;
  const [isSlow, setSlow] = useState(false);
  const warehouse = useWarehouseProgress();
  const waiting = warehouse !== null && isWaiting(warehouse) ? warehouse : null;
  const reason = waiting === null ? null : reasonOf(waiting);
  const share = Math.round(shareOf(progress) * 100);
  const tenth = Math.floor(share / 10) * 10;
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = window.setTimeout(() => setSlow(true), quickMs);
    return () => {
      window.clearTimeout(timer);
      setSlow(false);
    };
  }, [isRunning]);
  useEffect(() => {
    if (isRunning && tenth > 0) say(`Refresh: ${tenth} %.`);
  }, [isRunning, tenth, say]);
  if (!progress && !(isRunning && isSlow)) return null;
  return (
    <section aria-label="Refresh">
      <Banner
        icon="refresh"
        title={titleOf(progress, waiting)}
        actions={
          isRunning && (
            <Button size="small" onClick={cancel}>
              Cancel
            </Button>
          )
        }
      >
        <span className="muted">
          {progress && !(progress.done === 0 && progress.total === null) && `${countsOf(progress)}. `}
          {snapshot ? `${snapshot.id} stays in use until this is complete.` : 'The first snapshot of this workspace.'}
        </span>
        {reason !== null && <Verbatim label="What the warehouse says" text={reason} />}
        <progress className={css['progress']} value={share} max={100} aria-label={`Refresh progress, ${share} %`} />
      </Banner>
    </section>
  );
}
