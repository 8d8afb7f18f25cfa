import { KeyCaps } from '../components/KeyCaps.tsx';
import { MenuItem } from '../components/Menu.tsx';
import type { IconName } from '../components/icon-shapes.tsx';
import { commandSpec, type CommandId } from './list.ts';
import { useCommandBindings, useCommandStore } from './store.tsx';

/** Items of a menu for commands: words, keys, and why one is off come from the one list. */
export function CommandItems({ ids, icons = {} }: { ids: readonly CommandId[]; icons?: Partial<Record<CommandId, IconName>> }) {
  const store = useCommandStore();
  const bindings = useCommandBindings();
  // A menu gives the focus back when it closes; a command that moves the focus comes after that.
  const run = (id: CommandId) => window.setTimeout(() => store.get(id)?.run());
  return ids.map((id) => {
    const [spec, binding] = [commandSpec(id), bindings(id)];
    const keys = spec.keys[0];
    return (
      <MenuItem key={id} icon={icons[id]} off={binding ? binding.off : 'Not possible here.'} onClick={() => run(id)} end={keys !== undefined && <KeyCaps keys={keys} />}>
        {binding?.label ?? spec.label}
      </MenuItem>
    );
  });
}
