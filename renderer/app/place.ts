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

const drawers = new Set<() => void>();
const readers = new Set<() => Promise<unknown> | null>();
/** Nobody notices a step that is drawn this much later. */
const longestHoldMs = 60;
let arrivals = 0;

/** Draws where one has gone to: at once, or with what is read for it when that takes no longer than a moment. */
function arrive(): void {
  arrivals += 1;
  const arrival = arrivals;
  const draw = () => {
    if (arrival === arrivals) for (const drawer of drawers) drawer();
  };
  const reads = [...readers].flatMap((read) => read() ?? []);
  if (reads.length === 0) draw();
  else void Promise.race([Promise.allSettled(reads), new Promise((resolve) => window.setTimeout(resolve, longestHoldMs))]).then(draw);
}

function subscribe(drawer: () => void): () => void {
  // The same listener is added only once.
  window.addEventListener('popstate', arrive);
  drawers.add(drawer);
  return () => drawers.delete(drawer);
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

/** The place one is at by now, outside of drawing. */
export function currentPlace(): Place {
  return placeOf(currentAddress());
}

/**
 * Asks, as soon as one has gone somewhere and before that is drawn, for what will be needed there.
 *
 * Shape:  `read` answers with null where nothing has to be read, else with a promise; drawing waits for that, but no longer than a moment.
 *         Gives the function that ends it.
 */
export function readAhead(read: () => Promise<unknown> | null): () => void {
  readers.add(read);
  return () => readers.delete(read);
}

/** Changes parts of the query and keeps the rest. */
export function changeQuery(change: QueryChange, options: { replace?: boolean } = {}): void {
  const place = currentPlace();
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
