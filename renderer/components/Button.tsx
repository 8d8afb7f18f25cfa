import { useId, type ReactNode, type Ref } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.tsx';
import { classNames } from './class-names.ts';
import css from './Button.module.css';

export interface ButtonProps {
  children?: ReactNode;
  onClick?: (() => void) | undefined;
  icon?: IconName;
  look?: 'plain' | 'primary' | 'production' | 'quiet';
  size?: 'normal' | 'small';
  /** Name of a button that shows only its icon. */
  label?: string | undefined;
  /** Why it cannot be used now; the button stays focusable and says so. */
  off?: string | null | undefined;
  keys?: ReactNode;
  keyShortcuts?: string | undefined;
  pressed?: boolean | undefined;
  expanded?: boolean | undefined;
  popup?: 'dialog' | 'menu';
  submit?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
  className?: string | undefined;
}

/** A button; where it is off it stays reachable and tells the reason. */
export function Button(props: ButtonProps) {
  const { children, onClick, icon, look = 'plain', size = 'normal', label, off, keys, keyShortcuts, pressed, expanded, popup, submit, buttonRef, className } = props;
  const reasonId = useId();
  const isOff = off !== null && off !== undefined;
  const isIconOnly = children === undefined;
  const classes = classNames(css['btn'], look !== 'plain' && !isOff && css[`btn-${look}`], look === 'quiet' && css['btn-quiet'], size === 'small' && css['btn-sm'], isIconOnly && css['btn-icon'], className);
  return (
    <>
      <button
        ref={buttonRef}
        type={submit === true ? 'submit' : 'button'}
        className={classes}
        onClick={(event) => {
          if (isOff) event.preventDefault();
          else onClick?.();
        }}
        aria-label={label}
        title={isOff && off !== '' ? off : isIconOnly ? label : undefined}
        aria-disabled={isOff || undefined}
        aria-describedby={isOff && off !== '' ? reasonId : undefined}
        aria-pressed={pressed}
        aria-expanded={expanded}
        aria-haspopup={popup}
        aria-keyshortcuts={keyShortcuts}
      >
        {icon && <Icon name={icon} size="sm" />}
        {children}
        {keys}
      </button>
      {isOff && off !== '' && (
        <span id={reasonId} className="visually-hidden">
          {off}
        </span>
      )}
    </>
  );
}

/** Buttons that belong together, without gaps. */
export function ButtonGroup({ children, className }: { children: ReactNode; className?: string }) {
  return <span className={classNames(css['btn-group'], className)}>{children}</span>;
}
