import type { WarehouseAccess } from '../../core/warehouse-ports.ts';
import { AppFailure } from '../../core/app-failure.ts';

/**
 * The way into a warehouse on this machine: nobody signs in, and nothing has to be granted.
 *
 * Errors: `not-available-here` for signing in.
 */
export function embeddedAccess(address: string): WarehouseAccess {
  const nothingToDo = async (): Promise<never> => {
    throw new AppFailure('not-available-here', 'The embedded warehouse is on this machine; there is nothing to sign in to.');
  };
  return {
    signInState: async () => ({ method: 'none-needed', kept: null, canSignIn: false, canStoreToken: false }),
    test: async () => ({ ok: true, user: null, address, seconds: 0, checks: [] }),
    signIn: nothingToDo,
    storeToken: nothingToDo,
    onProgress: () => () => {},
  };
}
