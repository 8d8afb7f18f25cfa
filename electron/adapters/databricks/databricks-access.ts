import type { AccessCheck, AccessReport, WarehouseProgress } from '../../../shared/domain/warehouse.ts';
import { AppFailure } from '../../core/app-failure.ts';
import type { WarehouseAccess } from '../../core/warehouse-ports.ts';
import { accessCheck, accessNeeds } from './access-checks.ts';
import type { DatabricksThread } from './databricks-thread.ts';
import { signInWithBrowser } from './sign-in/browser-sign-in.ts';
import type { TokenSource } from './sign-in/token-source.ts';
import type { SqlAddress } from './sql-session.ts';

export interface DatabricksAccessOptions {
  thread: DatabricksThread;
  address: SqlAddress;
  names: Readonly<Record<string, string>>;
  tokens: TokenSource;
  /** The client that people sign in with; null where none is registered. */
  oauth: { clientId: string; port: number; scopes: string } | null;
  /** Opens a page in the person's browser; false where this host cannot. */
  openExternal(url: string): Promise<boolean>;
  progress: ProgressHub;
}

/** Where the progress of all calls is told. */
export interface ProgressHub {
  tell(progress: WarehouseProgress): void;
  listen(listener: (progress: WarehouseProgress) => void): () => void;
}

/** Makes a hub without listeners. */
export function progressHub(): ProgressHub {
  const listeners = new Set<(progress: WarehouseProgress) => void>();
  return {
    tell: (progress) => listeners.forEach((listener) => listener(progress)),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const signInMs = 300_000;
const nothingWaits: WarehouseProgress = { state: 'ready', attempt: 1, nextInSeconds: null, reason: null };
const what = 'The connection test';

/**
 * The way into a warehouse in Databricks.
 *
 * Errors: `test` rejects only with `cancelled`; all else is part of its report.
 */
export function databricksAccess({ thread, address, names, tokens, oauth, openExternal, progress }: DatabricksAccessOptions): WarehouseAccess {
  const read = (sql: string, signal: AbortSignal) => thread.call('read', { sql, parameters: {}, what }, { signal });
  /** Null when it worked, else why not. A cancelled test ends at once. */
  const failureOf = async (work: Promise<unknown>): Promise<unknown> => {
    try {
      await work;
      return null;
    } catch (error) {
      if (error instanceof AppFailure && error.error.code === 'cancelled') throw error;
      return error;
    }
  };

  return {
    signInState: () => tokens.state(),
    async test(signal) {
      try {
        return await runTest(signal);
      } finally {
        progress.tell(nothingWaits);
      }
    },
    async signIn(signal) {
      if (oauth === null) throw new AppFailure('not-available-here', 'No OAuth client is named in the configuration of this workspace ("oauth"). Store a personal token instead.');
      const show = async (url: string): Promise<void> => {
        const isOpen = await openExternal(url);
        progress.tell({ state: 'signing-in', attempt: 1, nextInSeconds: null, reason: isOpen ? null : url });
      };
      try {
        await tokens.keep(await signInWithBrowser({ address, clientId: oauth.clientId, redirectPort: oauth.port, scopes: oauth.scopes, show, timeoutMs: signInMs }, signal));
      } finally {
        progress.tell(nothingWaits);
      }
    },
    storeToken: (token) => tokens.storeToken(token),
    onProgress: (listener) => progress.listen(listener),
  };

  async function runTest(signal: AbortSignal): Promise<AccessReport> {
    const started = performance.now();
    progress.tell({ state: 'connecting', attempt: 1, nextInSeconds: null, reason: null });
    const checks: AccessCheck[] = [];
    let user: string | null = null;
    const session = await failureOf(
      read('SELECT CAST(1 AS STRING) AS one, current_user() AS who', signal).then(([row]) => {
        user = row?.['who'] ?? null;
        return row;
      }),
    );
    checks.push(sessionCheck(session, address));
    const needs = accessNeeds(names);
    for (const need of needs) {
      if (session !== null) checks.push({ id: need.id, need: need.need, state: 'not-checked', grant: null, detail: 'There was no session to check it with.' });
      else if (need.privilege === 'SELECT') checks.push(accessCheck(need, await failureOf(read(need.sql, signal)), user));
      else checks.push(accessCheck(need, await failureOf(thread.call('write', { sql: need.sql, parameters: {}, what }, { signal })), user));
    }
    const optional = new Set(needs.filter(({ isOptional }) => isOptional === true).map(({ id }) => id));
    return { ok: checks.every(({ id, state }) => state === 'ok' || optional.has(id)), user, address: `${address.host}${address.path}`, seconds: (performance.now() - started) / 1_000, checks };
  }
}

function sessionCheck(error: unknown, address: SqlAddress): AccessCheck {
  const facts = { id: 'session', need: 'Open a session and run SELECT 1' };
  if (error === null) return { ...facts, state: 'ok', grant: null, detail: null };
  const details = error instanceof AppFailure ? error.error.details : {};
  const isRefused = details['problem'] === 'permission';
  return {
    ...facts,
    state: isRefused ? 'missing' : 'failed',
    // A warehouse is shared in its own dialog, not by SQL.
    grant: null,
    detail: isRefused ? `This user needs "Can use" on the SQL warehouse ${address.path.split('/').at(-1)}. ${String(details['verbatim'])}` : error instanceof Error ? error.message : String(error),
  };
}
