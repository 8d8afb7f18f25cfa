const plainSigns: Record<string, string> = { $mod: 'Ctrl', Shift: 'Shift', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', ' ': 'Space' };
const appleSigns: Record<string, string> = { ...plainSigns, $mod: '⌘', Shift: '⇧' };

function isApple(): boolean {
  return typeof navigator !== 'undefined' && /mac|iphone|ipad/iu.test(navigator.platform);
}

/** The signs of a key binding, e.g. `$mod+Shift+S` as `Ctrl`, `Shift`, `S`. */
export function keySigns(keys: string, apple = isApple()): string[] {
  const signs = apple ? appleSigns : plainSigns;
  return keys.split('+').map((key) => signs[key] ?? (key.length === 1 ? key.toUpperCase() : key.replace(/^Key|^Digit/u, '')));
}

/** The same binding as `aria-keyshortcuts` wants it. */
export function ariaKeys(keys: string, apple = isApple()): string {
  return keys
    .split('+')
    .map((key) => (key === '$mod' ? (apple ? 'Meta' : 'Control') : key === ' ' ? 'Space' : key.replace(/^Key|^Digit/u, '')))
    .join('+');
}
