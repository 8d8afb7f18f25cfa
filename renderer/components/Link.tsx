import type { MouseEvent, ReactNode } from 'react';
import { goTo } from '../app/place.ts';

export interface LinkProps {
  to: string;
  children: ReactNode;
  className?: string | undefined;
  label?: string;
  current?: 'page' | 'true' | undefined;
  keyShortcuts?: string;
}

/** A link inside the app: an ordinary address, opened without loading the page again. */
export function Link({ to, children, className, label, current, keyShortcuts }: LinkProps) {
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a href={to} className={className} onClick={open} aria-label={label} aria-current={current} aria-keyshortcuts={keyShortcuts}>
      {children}
    </a>
  );
}
