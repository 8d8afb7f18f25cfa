export const themes = ['system', 'light', 'dark'] as const;
export const densities = ['compact', 'normal', 'comfortable'] as const;
export type Theme = (typeof themes)[number];
export type Density = (typeof densities)[number];

/** How this person wants the interface to look, on this machine. */
export interface Display {
  theme: Theme;
  density: Density;
}

const storageKey = 'countersign.display';

/** Reads the display settings; anything unreadable gives the defaults. */
export function readDisplay(): Display {
  const stored: unknown = JSON.parse(window.localStorage.getItem(storageKey) ?? '{}');
  const record = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  return {
    theme: themes.find((theme) => theme === record['theme']) ?? 'system',
    density: densities.find((density) => density === record['density']) ?? 'normal',
  };
}

/** Puts the display settings into effect. */
export function applyDisplay(display: Display): void {
  const root = document.documentElement;
  if (display.theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = display.theme;
  if (display.density === 'normal') delete root.dataset['density'];
  else root.dataset['density'] = display.density;
}

/** Remembers the display settings and puts them into effect. */
export function saveDisplay(display: Display): void {
  window.localStorage.setItem(storageKey, JSON.stringify(display));
  applyDisplay(display);
}
