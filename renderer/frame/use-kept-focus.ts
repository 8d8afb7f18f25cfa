import { useEffect } from 'react';

/** True while the focus is nowhere because what had it is not in the page any more. */
function isLost(last: Element | null): boolean {
  return last !== null && !last.isConnected && document.activeElement === document.body && document.querySelector('[aria-modal="true"]') === null;
}

/** The first button of what has come in place of something else and says that there is nothing; null where nothing of that kind came. */
function firstWayOn(changes: readonly MutationRecord[]): HTMLElement | null {
  for (const node of changes.flatMap((change) => [...change.addedNodes])) {
    const way = node instanceof Element ? node.querySelector<HTMLElement>('[data-ways-on] button') : null;
    if (way) return way;
  }
  return null;
}

/**
 * Brings the focus to the screen when what had it goes away: a button that made way for the next one, a row of a screen that was left,
 * the rows of a list in which nothing is any more.
 *
 * Shape:  where ways on have come in the same step, the first of them has the focus then, else the element `id`. A dialog gives the focus
 *         back by itself, one frame after it is closed, so the focus counts as lost only two frames later.
 * Errors: never throws.
 */
export function useKeptFocus(id: string): void {
  useEffect(() => {
    let last: Element | null = null;
    let frame = 0;
    let wayOn: HTMLElement | null = null;
    const remember = (event: FocusEvent) => {
      last = event.target instanceof Element ? event.target : null;
      wayOn = null;
    };
    const restore = () => isLost(last) && (wayOn?.isConnected === true ? wayOn : document.getElementById(id))?.focus({ preventScroll: true });
    const observer = new MutationObserver((changes) => {
      if (!isLost(last)) return;
      wayOn = firstWayOn(changes) ?? wayOn;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => (frame = requestAnimationFrame(restore)));
    });
    document.addEventListener('focusin', remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', remember);
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [id]);
}
