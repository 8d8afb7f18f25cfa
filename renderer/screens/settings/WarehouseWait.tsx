import { useEffect } from 'react';
import { useNotifications } from '../../app/notifications.tsx';
import { useWarehouseProgress } from '../../app/use-warehouse-progress.ts';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Verbatim } from '../../components/Verbatim.tsx';
import { progressWords, reasonOf, signInPage } from '../../words/warehouse.ts';
import css from './Connections.module.css';

/** What is being waited for, which try it is, and Cancel; where the person has to sign in, the link to the page. */
export function WarehouseWait({ title, cancelLabel, onCancel }: { title: string; cancelLabel: string; onCancel: () => void }) {
  const { say } = useNotifications();
  const progress = useWarehouseProgress();
  const reason = progress === null ? null : reasonOf(progress);
  const page = signInPage(progress);
  const spoken = progress === null ? title : progressWords({ ...progress, nextInSeconds: null });
  useEffect(() => say(`${spoken}.`), [say, spoken]);
  return (
    <div className={css['wait']} role="group" aria-label={title}>
      <div className={css['wait-line']}>
        <Icon name="clock" />
        <b className="strong">{progress === null ? title : progressWords(progress)}</b>
        {page !== null && (
          <a href={page} target="_blank" rel="noreferrer">
            Open the sign-in page
          </a>
        )}
        <span className="end">
          <Button size="small" label={cancelLabel} onClick={onCancel}>
            Cancel
          </Button>
        </span>
      </div>
      {page !== null && <p className="muted small">Sign in there; this window goes on by itself.</p>}
      {reason !== null && <Verbatim label="What the warehouse says" text={reason} />}
    </div>
  );
}
