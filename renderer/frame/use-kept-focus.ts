import { useEffect } from 'react';

/** True while the focus is nowhere because what had it is not in the page any more. */
function isLost(last: Element | null): boolean {
  return last !== null && !last.isConnected && document.activeElement === document.body && document.querySelector('[aria-modal="true"]') === null;
}

/**
 * Brings the focus to the screen when what had it goes away: a button that made way for the next one, a row of a screen that was left.
 *
 * Shape:  `id` is the element that then has the focus. A dialog gives the focus back by itself, one frame after it is closed, so the focus
 *         counts as lost only two frames later.
 * Errors: never throws.
 */
export function useKeptFocus(id: string): void {
  useEffect(() => {
    let last: Element | null = null;
    let frame = 0;
    const remember = (event: FocusEvent) => (last = event.target instanceof Element ? event.target : null);
    const restore = () => isLost(last) && document.getElementById(id)?.focus({ preventScroll: true });
    const observer = new MutationObserver(() => {
      if (!isLost(last)) return;
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
