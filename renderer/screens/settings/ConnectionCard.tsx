import { useId, type ReactNode } from 'react';
import css from './Connections.module.css';

/** One connection of the workspace. */
export function ConnectionCard({ title, kind, children }: { title: string; kind: string; children: ReactNode }) {
  const headingId = useId();
  return (
    <section className={css['card']} aria-labelledby={headingId}>
      <div className={css['card-head']}>
        <h3 id={headingId}>{title}</h3>
        <span className="muted small">{kind}</span>
      </div>
      {children}
    </section>
  );
}
