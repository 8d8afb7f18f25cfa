import type { ReactNode } from 'react';
import { Button, type ButtonProps } from '../components/Button.tsx';
import { KeyCaps } from '../components/KeyCaps.tsx';
import { ariaKeys } from '../components/key-signs.ts';
import { commandSpec, type CommandId } from './list.ts';
import { useCommandBindings, useCommandStore } from './store.tsx';

export interface CommandButtonProps extends Pick<ButtonProps, 'icon' | 'look' | 'size' | 'popup' | 'pressed' | 'className' | 'buttonRef'> {
  id: CommandId;
  /** Words where they differ from the command's own. */
  children?: ReactNode;
  withKeys?: boolean;
  label?: string;
}

/** A button for a command: its words, its key, and why it is off come from the one list. It runs what is bound when it is pressed. */
export function CommandButton({ id, children, withKeys = false, label, ...look }: CommandButtonProps) {
  const store = useCommandStore();
  const binding = useCommandBindings()(id);
  const spec = commandSpec(id);
  const keys = spec.keys[0];
  return (
    <Button
      {...look}
      label={label}
      onClick={() => store.get(id)?.run()}
      off={binding ? binding.off : ''}
      keyShortcuts={spec.keys.length === 0 ? undefined : spec.keys.map((key) => ariaKeys(key)).join(' ')}
      keys={withKeys && keys !== undefined ? <KeyCaps keys={keys} /> : undefined}
    >
      {children ?? binding?.label ?? spec.label}
    </Button>
  );
}
