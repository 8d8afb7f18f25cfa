import type { AddressInfo } from 'node:net';
import { createBulkJobs } from './bulk/bulk-jobs.ts';
import { createCallLog } from './call-log.ts';
import { createFaults } from './faults.ts';
import { createOrgServer } from './http-server.ts';
import { createTokens } from './oauth/tokens.ts';
import { openOrgStore } from './org-store.ts';
import type { OrgRuntime } from './runtime.ts';
import type { OrgField } from './schema.ts';
import { createQueryRunner } from './soql/run-query.ts';

export interface StartOrgOptions {
  /** A file made by `createOrgFile`. */
  file: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** From a create to the workflow that fills the production id. Default 5,000. */
  workflowDelayMs?: number;
  /** Rows in a query page. Default 2,000. */
  pageSize?: number;
  dailyApiLimit?: number;
  /** Access tokens live for ever when left out. */
  accessTokenLifetimeMs?: number;
  rotateRefreshTokens?: boolean;
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** Calls `onIdle` once, when no request came for `afterMs`. */
  idleExit?: { afterMs: number; onIdle: () => void };
  /** Staging fields to add, or to put in place of the field of the same name. */
  fields?: readonly OrgField[];
  /** Whether a wrong JSON type in a collections call refuses its record (default) or the whole call. */
  wrongTypeFails?: 'record' | 'call';
}

export interface OrgCredentials {
  username: string;
  password: string;
  clientId: string;
  clientSecret: string;
}

export interface SimulatedOrg {
  url: string;
  orgId: string;
  credentials: OrgCredentials;
  /** Stops listening, ends open connections and closes the file. */
  close: () => Promise<void>;
}

const workflowTickMs = 1_000;

/**
 * Serves a simulated org on 127.0.0.1 over plain HTTP.
 *
 * Errors: rejects when the file is not that of a simulated org, or the port is taken.
 */
export async function startOrg(options: StartOrgOptions): Promise<SimulatedOrg> {
  const clock = options.clock ?? Date.now;
  const store = openOrgStore({
    file: options.file,
    clock,
    workflowDelayMs: options.workflowDelayMs ?? 5_000,
    ...(options.fields ? { fields: options.fields } : {}),
  });
  const dailyApiLimit = options.dailyApiLimit ?? 100_000;
  let used = 0;
  let lastActivity = Date.now();
  const faults = createFaults();
  const queries = createQueryRunner(store);
  const runtime: OrgRuntime = {
    store,
    faults,
    queries,
    jobs: createBulkJobs({ store, faults, queries }),
    tokens: createTokens(store, { accessTokenLifetimeMs: options.accessTokenLifetimeMs ?? null, rotate: options.rotateRefreshTokens ?? true }),
    calls: createCallLog(),
    pageSize: options.pageSize ?? 2_000,
    dailyApiLimit,
    wrongTypeFails: options.wrongTypeFails ?? 'record',
    apiUsed: () => used,
  };
  const server = createOrgServer({
    runtime,
    counting: {
      header: () => ({ 'sforce-limit-info': `api-usage=${used}/${dailyApiLimit}` }),
      count: () => {
        if (used >= dailyApiLimit) return false;
        used += 1;
        return true;
      },
    },
    onActivity: () => {
      lastActivity = Date.now();
    },
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
  } catch (error) {
    store.close();
    throw error;
  }
  runtime.jobs.resume();

  const timers = [setInterval(store.runDueWorkflow, workflowTickMs)];
  const { idleExit } = options;
  if (idleExit) {
    const watch = setInterval(
      () => {
        if (Date.now() - lastActivity < idleExit.afterMs) return;
        clearInterval(watch);
        idleExit.onIdle();
      },
      Math.min(1_000, Math.max(10, idleExit.afterMs / 4)),
    );
    timers.push(watch);
  }
  timers.forEach((timer) => timer.unref());
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    orgId: store.orgId,
    credentials: {
      username: 'admin@sample-org.example',
      password: store.password,
      clientId: 'countersign-desktop',
      clientSecret: 'countersign-secret',
    },
    close: () => {
      closed ??= new Promise<void>((resolve) => {
        timers.forEach((timer) => clearInterval(timer));
        runtime.jobs.stop();
        server.close(() => {
          store.close();
          resolve();
        });
        server.closeAllConnections();
      });
      return closed;
    },
  };
}
