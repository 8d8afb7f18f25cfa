import { createContext, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { CommandId } from './list.ts';

/** How a command is carried out where one is now. */
export interface CommandBinding {
  run: () => void;
  /** Why it cannot run now. */
  off?: string | null | undefined;
  /** Words with the true number, where the command has one. */
  label?: string | undefined;
}

export type CommandBindings = Partial<Record<CommandId, CommandBinding>>;

/** Which commands can be carried out now. Screens bind theirs while they are shown. */
export interface CommandStore {
  bind(owner: symbol, bindings: CommandBindings): void;
  unbind(owner: symbol): void;
  get(id: CommandId): CommandBinding | undefined;
  subscribe(listener: () => void): () => void;
  version(): number;
}

function hasSameWords(a: CommandBinding | undefined, b: CommandBinding | undefined): boolean {
  return a !== undefined && b !== undefined && (a.off ?? null) === (b.off ?? null) && a.label === b.label;
}

/** Makes an empty store; listeners are told only when words or availability change. */
export function createCommandStore(): CommandStore {
  const owners = new Map<symbol, CommandBindings>();
  const listeners = new Set<() => void>();
  let version = 0;
  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };
  return {
    bind(owner, bindings) {
      const before = owners.get(owner) ?? {};
      const ids = Object.keys({ ...before, ...bindings }) as CommandId[];
      const isSame = owners.has(owner) && ids.every((id) => hasSameWords(before[id], bindings[id]));
      owners.set(owner, bindings);
      if (!isSame) changed();
    },
    unbind(owner) {
      if (owners.delete(owner)) changed();
    },
    get: (id) => [...owners.values()].findLast((bindings) => bindings[id] !== undefined)?.[id],
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
  };
}

const CommandStoreContext = createContext<CommandStore | null>(null);

/** Holds the commands of the app. */
export function CommandsProvider({ children }: { children: ReactNode }) {
  const [store] = useState(createCommandStore);
  return <CommandStoreContext value={store}>{children}</CommandStoreContext>;
}

/** The store of commands; reading it this way does not follow changes. */
export function useCommandStore(): CommandStore {
  const store = useContext(CommandStoreContext);
  if (!store) throw new Error('commands need a CommandsProvider');
  return store;
}

/** Binds commands while the calling component is shown. */
export function useBindCommands(bindings: CommandBindings): void {
  const store = useCommandStore();
  const owner = useRef(Symbol('commands'));
  useEffect(() => store.bind(owner.current, bindings));
  useEffect(() => {
    const own = owner.current;
    return () => store.unbind(own);
  }, [store]);
}

/** Follows what can be done now. */
export function useCommandBindings(): (id: CommandId) => CommandBinding | undefined {
  const store = useCommandStore();
  useSyncExternalStore(store.subscribe, store.version);
  return useCallback((id: CommandId) => store.get(id), [store]);
}
