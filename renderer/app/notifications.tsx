import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';

/** A message at the foot of the window; what it says is also in History or in the audit log. */
export interface Notification {
  id: number;
  text: string;
  look: 'done' | 'problem';
  /** Given where the step can be undone. */
  undoId?: string | undefined;
}

interface Notifications {
  current: Notification | null;
  /** The last sentence that is only spoken. */
  spoken: string;
  notify(text: string, options?: { undoId?: string | undefined; look?: 'done' | 'problem' }): void;
  /** Says something to screen readers without showing it. */
  say(text: string): void;
  dismiss(): void;
}

const NotificationsContext = createContext<Notifications | null>(null);

/** Keeps the one notification that is shown. */
export function NotificationsProvider({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<Notification | null>(null);
  const [spoken, setSpoken] = useState('');
  const notify = useCallback<Notifications['notify']>((text, options = {}) => {
    setCurrent((last) => ({ id: (last?.id ?? 0) + 1, text, look: options.look ?? 'done', undoId: options.undoId }));
  }, []);
  const dismiss = useCallback(() => setCurrent(null), []);
  const value = useMemo(() => ({ current, spoken, notify, say: setSpoken, dismiss }), [current, spoken, notify, dismiss]);
  return <NotificationsContext value={value}>{children}</NotificationsContext>;
}

/** Shows and speaks messages. */
export function useNotifications(): Notifications {
  const notifications = useContext(NotificationsContext);
  if (!notifications) throw new Error('useNotifications needs a NotificationsProvider');
  return notifications;
}
