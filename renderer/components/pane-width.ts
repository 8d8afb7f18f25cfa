export const paneNames = ['facets', 'inspector'] as const;
export type PaneName = (typeof paneNames)[number];

function storageKey(pane: PaneName): string {
  return `countersign.width.${pane}`;
}

/** The width in pixels that was chosen for a pane on this machine; null where none was, or none that can be read. */
export function readPaneWidth(pane: PaneName): number | null {
  const stored = Number.parseInt(window.localStorage.getItem(storageKey(pane)) ?? '', 10);
  return Number.isFinite(stored) ? stored : null;
}

/** Remembers the width of a pane on this machine; null forgets it. */
export function savePaneWidth(pane: PaneName, widthPx: number | null): void {
  if (widthPx === null) window.localStorage.removeItem(storageKey(pane));
  else window.localStorage.setItem(storageKey(pane), String(widthPx));
}
