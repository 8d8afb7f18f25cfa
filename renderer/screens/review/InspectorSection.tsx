import { useId, type ReactNode } from 'react';
import { classNames } from '../../components/class-names.ts';
import css from './Inspector.module.css';

/** One part of the inspector with its heading. */
export function InspectorSection({ title, meta, actions, children }: { title: string; meta?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const headingId = useId();
  return (
    <section className={css['inspector-section']} aria-labelledby={headingId}>
      <div className={css['section-head']}>
        <h3 id={headingId}>{title}</h3>
        {meta !== undefined && <span className={css['meta']}>{meta}</span>}
        {actions !== undefined && <span className={classNames(css['end'], 'end')}>{actions}</span>}
      </div>
      {children}
    </section>
  );
}
