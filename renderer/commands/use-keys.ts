import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { commandSpecs, type CommandSpec } from './list.ts';
import { useCommandStore } from './store.tsx';

const fieldTypes = new Set(['checkbox', 'radio', 'button']);

/** Keys with a meaning of their own while one types. */
const editingKeys = new Set(['$mod+z', '$mod+Shift+Z', '$mod+a']);

/** True while typing goes into a field. */
function isInField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !fieldTypes.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

function isAllowed(spec: CommandSpec, key: string, target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"][aria-modal="true"]') !== null) return false;
  if (key.startsWith('$mod') && !editingKeys.has(key)) return true;
  if (key.includes('F6')) return true;
  if (isInField(target)) return false;
  if (spec.isLetter !== true || key === '$mod+z') return true;
  return target instanceof Element && target.closest('[data-letters]') !== null;
}

/** A key that may need Shift on some keyboards is accepted with and without it. */
function bindingOf(key: string): string {
  return key === '?' || key === '/' || key === "'" ? `[Shift]+${key}` : key;
}

/** Lets every command be run by its keys. */
export function useKeys(): void {
  const store = useCommandStore();
  useEffect(() => {
    const handlers: Record<string, (event: KeyboardEvent) => void> = {};
    for (const spec of commandSpecs) {
      if (spec.isHandledByGrid === true) continue;
      for (const key of spec.keys) {
        handlers[bindingOf(key)] = (event) => {
          if (event.defaultPrevented || !isAllowed(spec, key, event.target)) return;
          const binding = store.get(spec.id);
          if (!binding) return;
          event.preventDefault();
          if (binding.off === null || binding.off === undefined) binding.run();
        };
      }
    }
    return tinykeys(window, handlers, { ignore: () => false });
  }, [store]);
}
