/** Moves the focus to the next region of the window (or the one before), in the order of the page. */
export function moveRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.offsetParent !== null || region.getClientRects().length > 0);
  if (regions.length === 0) return;
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  const inside = next?.querySelector<HTMLElement>('[tabindex="0"], a[href], button, input:not([tabindex="-1"]), select, textarea');
  (inside ?? next)?.focus();
}
