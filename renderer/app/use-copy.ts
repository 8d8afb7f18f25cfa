import { useCallback } from 'react';
import { useNotifications } from './notifications.tsx';

/** Puts a text on the clipboard and says so, or says that it could not. */
export function useCopy(): (text: string, done: string) => Promise<void> {
  const { notify } = useNotifications();
  return useCallback(
    async (text, done) => {
      try {
        await navigator.clipboard.writeText(text);
        notify(done);
      } catch {
        notify('It could not be copied: this window may not write to the clipboard.', { look: 'problem' });
      }
    },
    [notify],
  );
}
