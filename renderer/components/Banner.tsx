import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.tsx';
import css from './Banner.module.css';

export interface BannerProps {
  severity?: 'note' | 'warning' | 'blocker';
  icon?: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

const icons = { note: 'file', warning: 'triangle', blocker: 'octagon' } as const;

/** One sentence in bold, what it means, and one or two actions, over the full width. */
export function Banner({ severity = 'note', icon, title, children, actions }: BannerProps) {
  return (
    <div className={css['banner']} data-severity={severity}>
      <Icon name={icon ?? icons[severity]} />
      <div>
        <b className="strong">{title}</b> {children}
      </div>
      {actions && <div className={css['actions']}>{actions}</div>}
    </div>
  );
}

/** A remark inside a panel or dialog. */
export function Callout({ severity, icon, children }: { severity?: 'warning' | 'blocker'; icon?: IconName; children: ReactNode }) {
  return (
    <div className={css['callout']} data-severity={severity}>
      <Icon name={icon ?? (severity === undefined ? 'question' : icons[severity])} />
      <div>{children}</div>
    </div>
  );
}
