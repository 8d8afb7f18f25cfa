import type { ReactNode } from 'react';
import css from './Timeline.module.css';

export interface TimelineEntry {
  id: string | number;
  time: string;
  title?: string;
  text: ReactNode;
  severity?: 'warning' | 'blocker';
}

/** Events one under the other, newest first. */
export function Timeline({ entries, label }: { entries: readonly TimelineEntry[]; label: string }) {
  return (
    <ol className={css['timeline']} aria-label={label}>
      {entries.map((entry, index) => (
        <li key={entry.id} data-severity={entry.severity} data-now={index === 0 ? '' : undefined}>
          <time title={entry.title}>{entry.time}</time>
          <span className={css['node']} />
          <span>{entry.text}</span>
        </li>
      ))}
    </ol>
  );
}
