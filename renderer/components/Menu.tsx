import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.tsx';
import { classNames } from './class-names.ts';
import buttonCss from './Button.module.css';
import css from './Menu.module.css';

export interface MenuButtonProps {
  /** Name of the button; the words on it, where there are no others. */
  label: string;
  children: ReactNode;
  icon?: IconName;
  words?: ReactNode;
  isSmall?: boolean;
  isQuiet?: boolean;
  className?: string | undefined;
}

/** A button that opens a menu. Without `words` it shows only its icon. */
export function MenuButton({ label, children, icon, words, isSmall = false, isQuiet = false, className }: MenuButtonProps) {
  const classes = classNames(buttonCss['btn'], isSmall && buttonCss['btn-sm'], isQuiet && buttonCss['btn-quiet'], words === undefined && buttonCss['btn-icon'], className);
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger className={classes} aria-label={label} title={words === undefined ? label : undefined}>
        {icon && <Icon name={icon} size="sm" />}
        {words}
      </BaseMenu.Trigger>
      <MenuPopup label={label}>{children}</MenuPopup>
    </BaseMenu.Root>
  );
}

/** A place in the window, where a menu opens without a button. */
export interface MenuPoint {
  x: number;
  y: number;
}

/** A menu at a place of the window; the focus goes back to where it was. */
export function PointMenu({ at, label, onClose, children }: { at: MenuPoint; label: string; onClose: () => void; children: ReactNode }) {
  const anchor = { getBoundingClientRect: () => DOMRect.fromRect({ x: at.x, y: at.y }) };
  return (
    <BaseMenu.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <MenuPopup label={label} anchor={anchor}>
        {children}
      </MenuPopup>
    </BaseMenu.Root>
  );
}

function MenuPopup({ label, anchor, children }: { label: string; anchor?: { getBoundingClientRect: () => DOMRect }; children: ReactNode }) {
  return (
    // Inside the landmark of the screen: what is on screen belongs to one.
    <BaseMenu.Portal container={document.getElementById('main')}>
      <BaseMenu.Positioner positionMethod="fixed" className={css['positioner']} align="start" sideOffset={4} {...(anchor ? { anchor } : {})}>
        <BaseMenu.Popup className={css['menu']} aria-label={label}>
          {children}
        </BaseMenu.Popup>
      </BaseMenu.Positioner>
    </BaseMenu.Portal>
  );
}

export interface MenuItemProps {
  children: ReactNode;
  onClick: () => void;
  icon?: IconName | undefined;
  /** Why it cannot be used now. */
  off?: string | null | undefined;
  end?: ReactNode;
}

/** One thing that a menu offers; where it is off it says why. */
export function MenuItem({ children, onClick, icon, off = null, end }: MenuItemProps) {
  return (
    <BaseMenu.Item className={css['item']} disabled={off !== null} onClick={onClick}>
      <span className={css['sign']}>{icon && <Icon name={icon} size="sm" />}</span>
      <span className={css['words']}>
        {children}
        {off !== null && off !== '' && <small>{off}</small>}
      </span>
      {end}
    </BaseMenu.Item>
  );
}

/** A choice of a menu that can be on or off; the menu stays open. */
export function MenuCheckItem({ children, isChecked, onChange, off = null }: { children: ReactNode; isChecked: boolean; onChange: (isChecked: boolean) => void; off?: string | null }) {
  return (
    <BaseMenu.CheckboxItem className={css['item']} checked={isChecked} onCheckedChange={onChange} closeOnClick={false} disabled={off !== null}>
      <span className={css['sign']}>{isChecked && <Icon name="check" size="sm" />}</span>
      <span className={css['words']}>
        {children}
        {off !== null && <small>{off}</small>}
      </span>
    </BaseMenu.CheckboxItem>
  );
}

/** One of several choices; the menu stays open. */
export function MenuChoice<T extends string>({ title, value, choices, onChange }: { title: string; value: T; choices: readonly { value: T; label: string }[]; onChange: (value: T) => void }) {
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className={css['title']}>{title}</BaseMenu.GroupLabel>
      <BaseMenu.RadioGroup value={value} onValueChange={onChange}>
        {choices.map((choice) => (
          <BaseMenu.RadioItem key={choice.value} value={choice.value} className={css['item']} closeOnClick={false}>
            <span className={css['sign']}>{choice.value === value && <Icon name="check" size="sm" />}</span>
            {choice.label}
          </BaseMenu.RadioItem>
        ))}
      </BaseMenu.RadioGroup>
    </BaseMenu.Group>
  );
}

/** Items of a menu under a title. */
export function MenuGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className={css['title']}>{title}</BaseMenu.GroupLabel>
      {children}
    </BaseMenu.Group>
  );
}

/** A line between items. */
export function MenuLine() {
  return <BaseMenu.Separator className={css['line']} />;
}
