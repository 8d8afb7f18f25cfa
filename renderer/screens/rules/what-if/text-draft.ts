import { useMemo, useSyncExternalStore } from 'react';

/** An edited text of one view. It is kept for this window until it is reset. */
export interface TextDraft {
  view: string;
  sql: string;
}

const key = 'countersign.plan-b';
const changed = 'countersign:plan-b';

function subscribe(listener: () => void): () => void {
  window.addEventListener(changed, listener);
  return () => window.removeEventListener(changed, listener);
}

function isTextDraft(value: unknown): value is TextDraft {
  return typeof value === 'object' && value !== null && 'view' in value && 'sql' in value && typeof value.view === 'string' && typeof value.sql === 'string';
}

function parse(stored: string | null): TextDraft | null {
  if (stored === null) return null;
  try {
    const value: unknown = JSON.parse(stored);
    return isTextDraft(value) ? value : null;
  } catch {
    // Another program wrote it: there is no draft.
    return null;
  }
}

/** Keeps a text, or forgets it. */
export function keepTextDraft(draft: TextDraft | null): void {
  if (draft === null) window.sessionStorage.removeItem(key);
  else window.sessionStorage.setItem(key, JSON.stringify(draft));
  window.dispatchEvent(new Event(changed));
}

/** The text that is kept; follows every change of it. */
export function useTextDraft(): TextDraft | null {
  const stored = useSyncExternalStore(subscribe, () => window.sessionStorage.getItem(key));
  return useMemo(() => parse(stored), [stored]);
}
