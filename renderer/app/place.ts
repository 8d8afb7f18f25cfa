import { useCallback, useSyncExternalStore } from 'react';

export const screens = ['overview', 'review', 'batches', 'corrections', 'audit', 'checks', 'rules', 'settings'] as const;
export type Screen = (typeof screens)[number];

/** Where one is: the screen and everything one looks at on it. */
export interface Place {
  screen: Screen;
  query: URLSearchParams;
}

/** Values for the query of an address; null takes a value away. */
export type QueryChange = Readonly<Record<string, string | null>>;

function currentAddress(): string {
  return `${window.location.pathname}${window.location.search}`;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}

/** Reads a place from an address; an unknown path is the Review screen. */
export function placeOf(address: string): Place {
  const [path = '', query = ''] = address.split('?', 2);
  const name = path.split('/').at(-1);
  return { screen: screens.find((screen) => screen === name) ?? 'review', query: new URLSearchParams(query) };
}

/** Address of a screen with the given query. */
export function addressOf(screen: Screen, query: QueryChange = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== '') search.set(name, value);
  const text = search.toString();
  return text === '' ? `/${screen}` : `/${screen}?${text}`;
}

/** Goes to an address of this app; `replace` where back should not stop here. */
export function goTo(address: string, options: { replace?: boolean } = {}): void {
  if (address === currentAddress()) return;
  if (options.replace === true) window.history.replaceState(null, '', address);
  else window.history.pushState(null, '', address);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** The query of the address as it is now, outside of drawing. */
export function currentQuery(): URLSearchParams {
  return placeOf(currentAddress()).query;
}

/** Changes parts of the query and keeps the rest. */
export function changeQuery(change: QueryChange, options: { replace?: boolean } = {}): void {
  const place = placeOf(currentAddress());
  const query = Object.fromEntries(place.query);
  goTo(addressOf(place.screen, { ...query, ...change }), options);
}

/** The place one is at; follows back and forward. */
export function usePlace(): Place {
  return placeOf(useSyncExternalStore(subscribe, currentAddress));
}

/** One value of the query and a function that changes it. */
export function useQueryValue(name: string): [string | null, (value: string | null, options?: { replace?: boolean }) => void] {
  const value = usePlace().query.get(name);
  const change = useCallback((next: string | null, options: { replace?: boolean } = {}) => changeQuery({ [name]: next }, options), [name]);
  return [value, change];
}
