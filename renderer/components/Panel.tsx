import { useId, type ReactNode } from 'react';
import css from './Panel.module.css';

export interface PanelProps {
  /** Name of the region, where it differs from the heading. */
  label?: string;
  title: string;
  meta?: ReactNode;
  actions?: ReactNode;
  foot?: ReactNode;
  isPadded?: boolean;
  children: ReactNode;
}

/** A region with a heading on its own ground. */
export function Panel({ label, title, meta, actions, foot, isPadded = true, children }: PanelProps) {
  const headingId = useId();
  return (
    <section className={css['panel']} {...(label === undefined ? { 'aria-labelledby': headingId } : { 'aria-label': label })}>
      <div className={css['panel-head']}>
        <h2 id={headingId}>{title}</h2>
        {meta !== undefined && <span className={css['meta']}>{meta}</span>}
        {actions !== undefined && <span className="cluster end">{actions}</span>}
      </div>
      {isPadded ? <div className={css['panel-body']}>{children}</div> : children}
      {foot !== undefined && <div className={css['panel-foot']}>{foot}</div>}
    </section>
  );
}
