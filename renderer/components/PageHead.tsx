import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import css from './PageHead.module.css';

/** Head of a screen: its one h1, what belongs beside it, and its actions. */
export function PageHead({ title, children, actions, isBar = true }: { title: ReactNode; children?: ReactNode; actions?: ReactNode; isBar?: boolean }) {
  return (
    <div className={classNames(css['page-head'], isBar && css['page-head-bar'])}>
      <h1>{title}</h1>
      {children}
      {actions !== undefined && <div className={css['actions']}>{actions}</div>}
    </div>
  );
}

/** Body of a screen that is read from top to bottom. */
export function PageBody({ children }: { children: ReactNode }) {
  return (
    <div className={css['scroll']} data-region="" tabIndex={0} role="group" aria-label="Content of the screen">
      <div className={css['page-body']}>{children}</div>
    </div>
  );
}
