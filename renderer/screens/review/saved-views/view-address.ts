import { addressOf, placeOf } from '../../../app/place.ts';

/** What is open in a view is not part of it: only what is listed, and in which order. */
const notKept = ['record', 'kind', 'why', 'unchanged', 'shape', 'open'];

/** The address to be saved for what is on screen. */
export function viewAddress(address: string): string {
  const { screen, query } = placeOf(address);
  return addressOf(screen, Object.fromEntries([...query].filter(([name]) => !notKept.includes(name))));
}

/** The address of a saved view as one of this app, whatever was stored. */
export function openAddress(stored: string): string {
  const { screen, query } = placeOf(stored);
  return addressOf(screen, Object.fromEntries(query));
}
