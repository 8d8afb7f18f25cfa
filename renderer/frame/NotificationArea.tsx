import { useEffect, useState } from 'react';
import { useNotifications, type Notification } from '../app/notifications.tsx';
import { useUndo } from '../app/use-undo.ts';
import { Button } from '../components/Button.tsx';
import { Icon } from '../components/Icon.tsx';
import { KeyCaps } from '../components/KeyCaps.tsx';
import css from './Notifications.module.css';

const shownForMs = 8_000;

/** The one message, with Undo where there is one. Stays while it is hovered or focused. */
export function NotificationArea() {
  const { current, spoken } = useNotifications();
  return (
    <div className={css['notifications']} role="status" aria-live="polite" aria-label="Notifications">
      {current && <Message key={current.id} notification={current} />}
      <span className="visually-hidden">{spoken}</span>
    </div>
  );
}

function Message({ notification }: { notification: Notification }) {
  const { dismiss } = useNotifications();
  const undo = useUndo();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return undefined;
    const timer = window.setTimeout(dismiss, shownForMs);
    return () => window.clearTimeout(timer);
  }, [isHeld, dismiss]);
  return (
    <div className={css['notification']} data-look={notification.look} onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <Icon name={notification.look === 'done' ? 'check-circle' : 'octagon'} size="sm" {...(notification.look === 'done' ? {} : { label: 'Problem' })} />
      <span>{notification.text}</span>
      {notification.undoId !== undefined && (
        <Button size="small" onClick={() => undo(notification.undoId)} keys={<KeyCaps keys="u" />} keyShortcuts="u">
          Undo
        </Button>
      )}
      <Button icon="x" size="small" look="quiet" label="Dismiss" onClick={dismiss} />
    </div>
  );
}
