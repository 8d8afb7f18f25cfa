import { useEffect, useRef, useState } from 'react';
import { useClient } from '../../api/client-context.tsx';
import { useNotifications } from '../../app/notifications.tsx';
import type { Current } from './use-current.ts';
import type { ReviewList } from './use-pages.ts';
import css from './Review.module.css';

/** A field over the foot of the grid: the current row goes to the next name that begins with what is typed. */
export function QuickFind({ list, current, onClose }: { list: ReviewList; current: Current; onClose: () => void }) {
  const client = useClient();
  const { say, notify } = useNotifications();
  const field = useRef<HTMLInputElement>(null);
  const [start] = useState(current.index);
  const [text, setText] = useState('');
  const [isMissed, setMissed] = useState(false);
  const newest = useRef<AbortController | null>(null);
  useEffect(() => {
    field.current?.focus();
    return () => newest.current?.abort();
  }, []);
  const find = async (typed: string) => {
    setText(typed);
    newest.current?.abort();
    const asked = new AbortController();
    newest.current = asked;
    const prefix = typed.trimStart();
    if (prefix === '') {
      setMissed(false);
      return;
    }
    try {
      const { index } = await client.call('pending.find', { ...list, prefix, from: start }, asked.signal);
      // An answer that comes after the next letter would move the row back.
      if (asked.signal.aborted) return;
      setMissed(index === null);
      if (index === null) say(`No name begins with “${prefix}”.`);
      else current.move(index);
    } catch {
      if (!asked.signal.aborted) notify('The names could not be searched. The current row stays; type again to try once more.', { look: 'problem' });
    }
  };
  return (
    <div className={css['quick-find']}>
      <label htmlFor="quick-find">Name begins with</label>
      <input
        id="quick-find"
        ref={field}
        className="input"
        type="text"
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => void find(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.preventDefault();
          if (event.key === 'Escape') current.move(start);
          onClose();
        }}
      />
      <span className="muted">{isMissed ? 'No name begins so.' : 'Enter stays, Esc goes back.'}</span>
    </div>
  );
}
