/**
 * The pipeline, in order. Every caller (desktop, browser page, command line) comes through `createApp(ports).call`,
 * so what one of them is refused, all of them are refused.
 *
 *   1 snapshot   warehouse + org -> cache             core/snapshot
 *   2 review     list, facets, explain, checks        core/review, core/checks
 *   3 decide     approve, hold, exclude, undo         ledger
 *   4 batch      draw, freeze, submit, approve        core/batch
 *   5 push       re-read, compare, write, read back   core/push
 *   6 audit      search, verify, export, copy         core/audit
 *
 * A call is parsed before its handler runs and its answer is parsed before it leaves (answer-calls.ts).
 */
import type { NewAuditEvent } from '../../shared/domain/audit-event.ts';
import { isOpenRun, type Run } from '../../shared/domain/batch.ts';
import { mostApprovalTextBytes, mostPlanTextBytes } from '../../shared/domain/plan-file.ts';
import { policyInForce, type Policy } from '../../shared/domain/policy.ts';
import { answerCalls, createEventHub, type App, type Handlers } from './answer-calls.ts';
import { AppFailure, refusal } from './app-failure.ts';
import { exportAudit } from './audit/export-audit.ts';
import { createShipper } from './audit/shipper.ts';
import { verifyAudit } from './audit/verify-audit.ts';
import { approveBatch } from './batch/approve-batch.ts';
import { assertPushable, assertResumable, assertRetryable } from './batch/assert-pushable.ts';
import type { BatchDeps } from './batch/batch-deps.ts';
import { deleteBatch, rejectBatch, renameBatch, withdrawBatch } from './batch/change-batch.ts';
import { createBatch } from './batch/create-batch.ts';
import { exportPlan } from './batch/export-plan.ts';
import { importApproval } from './batch/import-approval.ts';
import { listRecords } from './batch/list-records.ts';
import { showBatch } from './batch/show-batch.ts';
import { signPlan, summarizePlanFile } from './batch/sign-plan.ts';
import { submitBatch } from './batch/submit-batch.ts';
import { createCallLog } from './call-log.ts';
import { describeApp, describeSettings } from './describe-app.ts';
import { openExportFile } from './export-file.ts';
import { givenBytes, givenText } from './given-file.ts';
import { createQueue } from './in-turn.ts';
import type { Ledger, LedgerWrite } from './ledger-ports.ts';
import type { Org } from './org-ports.ts';
import type { Cache, CallContext, Clock, Desktop, Logger, Warehouse } from './ports.ts';
import { abandonRun } from './push/abandon.ts';
import { createActiveRuns, stopRun } from './push/active-runs.ts';
import { markInterrupted, resumeRun } from './push/resume.ts';
import { retryBatch } from './push/retry.ts';
import { startRun } from './push/run.ts';
import type { PushDeps } from './push/session.ts';
import { reviewHandlers } from './review/review-handlers.ts';
import { showPending, withHistory } from './review/show-pending.ts';
import { probeForChanges } from './snapshot/probe.ts';
import { refreshSnapshot } from './snapshot/refresh.ts';
import { readRulesState } from './views/rules-state.ts';
import { warehouseHandlers } from './warehouse-handlers.ts';
import { whatIfHandlers } from './what-if/what-if-handlers.ts';
import type { AuditTable, RuleTrial, WarehouseAccess, WarehouseObjects } from './warehouse-ports.ts';
import type { WorkspaceConfig } from './workspace/workspace-config.ts';
import { createDecisionWriter } from './write-decisions.ts';

export type { App, AppContext } from './answer-calls.ts';

/** What the app stands on; made by a host. */
export interface AppPorts {
  cache: Cache;
  ledger: Ledger;
  warehouse: Warehouse;
  warehouseObjects: WarehouseObjects;
  warehouseAccess: WarehouseAccess;
  auditTable: AuditTable;
  ruleTrial: RuleTrial;
  org: Org;
  clock: Clock;
  logger: Logger;
  desktop: Desktop;
  config: WorkspaceConfig;
  /** The workspace folder, for people to read. */
  folder: string;
  host: 'desktop' | 'browser' | 'cli';
  version: string;
  readOnly: boolean;
  /** True when no other process writes to this workspace: a run that is still marked as running was left by a dead one. */
  isAlone: boolean;
}

const keptCalls = 200;

/**
 * Composes the stages over the ports. Two apps can live in one process.
 *
 * Shape:  a run that a dead process left behind is marked as interrupted before the first call.
 */
export async function createApp(ports: AppPorts): Promise<App> {
  const { cache, ledger, warehouse, org, clock, logger, config } = ports;
  const { mapping } = config;
  const events = createEventHub();
  const { emit } = events;
  const log = createCallLog(keptCalls);
  const active = createActiveRuns();
  /** One batch step at a time: none may change what another has just looked at. */
  const inTurn = createQueue();
  const stopListening = ports.warehouseAccess.onProgress((progress) => emit('warehouse.progress', progress));
  let refreshing = false;
  if (ports.isAlone) await markCutOff();
  const decisionWriter = createDecisionWriter(ledger, logger);
  if (!ports.readOnly) decisionWriter.begin();

  /** An app whose log cannot be written still opens: such a run counts as cut off all the same, and its end is written later. */
  async function markCutOff(): Promise<void> {
    try {
      await markInterrupted({ ledger, clock });
    } catch (error) {
      if (!(error instanceof AppFailure) || error.error.code !== 'audit-not-writable') throw error;
      logger.warn('run.not-marked', { message: error.error.message });
    }
  }

  const rulesNow = (signal: AbortSignal) => readRulesState(ports.warehouseObjects, mapping, signal);
  /** An org that the config calls a production org is one, and so is one that says so itself. */
  const policyNow = async (): Promise<Policy> => {
    const [choice, pinned] = await Promise.all([ledger.policy(), ledger.pinnedOrg()]);
    return policyInForce(choice ?? config.policy, config.org.production || pinned?.environment === 'production');
  };
  const shipper = createShipper({
    deps: { ledger, table: ports.auditTable, clock }, logger, isLasting: ports.host !== 'cli', isAlone: ports.isAlone,
    limit: async () => (await policyNow()).auditBacklogLimit, onShipped: (backlog) => emit('audit.shipped', { backlog }),
  });
  /** Work whose events are copied to the warehouse soon after it was done. */
  const thenShip = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    shipper.nudge();
    return done;
  };
  /** A run whose end is in the ledger; a copy that cannot be made is no reason to fail it. */
  const thenBackUp = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    try {
      const { file, sha256 } = await ledger.backUp();
      logger.info('ledger.backed-up', { file, sha256 });
    } catch (error) {
      logger.warn('ledger.not-backed-up', { error: error instanceof Error ? error.message : String(error) });
    }
    return done;
  };
  const batchDeps = async (): Promise<BatchDeps> => {
    const pinned = await ledger.pinnedOrg();
    if (!pinned) throw refusal('no-snapshot', 'There is no snapshot yet. Refresh first.');
    return { cache, ledger, clock, mapping, policy: await policyNow(), org: { ...pinned, apiVersion: config.org.apiVersion }, apiUsage: () => org.usage() };
  };
  const pushDeps = async (): Promise<PushDeps> => {
    if (!ports.isAlone) throw new AppFailure('workspace-busy', 'Another program may be pushing from this workspace. Nothing was sent. Wait until it is done, and open the workspace alone.');
    return { ledger, org, mapping, clock, policy: await policyNow(), emit, logger, active };
  };
  const batchOf = async (id: string) => {
    const batch = await ledger.batch(id);
    if (!batch) throw new AppFailure('not-found', `There is no batch ${id}.`, { id });
    return batch;
  };
  /** A run that is marked as running and is not at work here was cut off: its end could not be written. */
  const isResumable = (run: Run): boolean => isOpenRun(run) || (ports.isAlone && run.state === 'running' && active.current?.batchId !== run.batchId);
  const newestOpenRun = async (): Promise<string> => {
    const run = (await ledger.runs(null)).filter(isResumable).sort((a, b) => a.startedAt.localeCompare(b.startedAt)).at(-1);
    if (!run) throw refusal('nothing-to-do', 'No run waits to be resumed.');
    return run.id;
  };
  /** For a call on one batch: an unknown batch is told before anything else. */
  const batchDepsFor = async (id: string) => {
    await batchOf(id);
    return batchDeps();
  };
  /** One step on one batch, in its turn. */
  const batchStep =
    <I extends { id: string }, T>(step: (deps: BatchDeps, context: CallContext, input: I) => Promise<T>) =>
    (input: I, context: CallContext): Promise<T> =>
      inTurn(async () => {
        const done = await step(await batchDepsFor(input.id), context, input);
        emit('batches.changed', { id: input.id });
        return done;
      });
  const step = async (type: 'pushes.paused' | 'pushes.resumed' | 'policy.changed', context: CallContext, data: NewAuditEvent['data'], write: LedgerWrite) => {
    await ledger.commit({ events: [{ type, actor: context.actor, batchId: null, runId: null, keys: [], data }], writes: [write] });
    return {};
  };

  const handlers: Handlers = {
    'app.info': (_, { actor }) => describeApp(ports, actor, isResumable),
    'app.diagnostics': async () => ({ versions: { countersign: ports.version, node: process.versions.node, sqlite: process.versions.sqlite ?? '' }, calls: [...log.calls()] }),
    'settings.get': async () => describeSettings(ports, await policyNow()),
    ...warehouseHandlers(ports, emit, inTurn),
    ...whatIfHandlers(ports, emit),

    // 1 snapshot
    'snapshot.refresh': async (_, context) => {
      if (refreshing) throw refusal('run-active', 'A refresh is already under way.');
      refreshing = true;
      try {
        const snapshot = await refreshSnapshot({ warehouse, rules: rulesNow, org, cache, ledger, mapping, clock }, { ...context, onProgress: (progress) => emit('snapshot.progress', progress) });
        emit('snapshot.changed', { id: snapshot.id });
        shipper.nudge();
        return snapshot;
      } finally {
        refreshing = false;
      }
    },

    'snapshot.sinceLast': (input) => cache.sinceLast(input),
    'snapshot.probe': (_, { signal }) => probeForChanges({ warehouse, rules: rulesNow, org, cache, mapping, clock }, signal),

    // 2 review, 3 decide
    ...reviewHandlers({ cache, ledger, emit, decisionWriter }),
    'pending.page': (input) => cache.page(input),
    'pending.open': (input) => cache.open(input),
    'pending.facets': ({ filter }) => cache.facets(filter),
    'pending.full': async (input) => {
      const page = await cache.pageFull(input);
      return { ...page, items: await Promise.all(page.items.map((item) => withHistory(ledger, item))) };
    },
    'pending.show': (input) => showPending({ cache, ledger }, input),
    'checks.list': () => cache.checks(),
    'status.metrics': async () => ({ metrics: await cache.metrics() }),

    // 4 batch
    'batches.list': async () => ({ batches: await ledger.batches() }),
    'batches.show': async ({ id }) => showBatch(await batchDepsFor(id), id),
    'batches.records': async ({ id, outcome, code, chunk, after, limit }) =>
      listRecords({ ledger, cache }, await batchOf(id), { outcome: outcome ?? null, code: code ?? null, chunk: chunk ?? null, after: after ?? null, limit }),
    'batch.create': (input, context) =>
      inTurn(async () => {
        const batch = await createBatch(await batchDeps(), context, input);
        emit('batches.changed', { id: batch.id });
        return batch;
      }),
    'batch.rename': batchStep(renameBatch),
    'batch.delete': batchStep(deleteBatch),
    'batch.submit': batchStep(submitBatch),
    'batch.approve': (input, context) => thenShip(batchStep(approveBatch)(input, context)),
    'batch.reject': batchStep(rejectBatch),
    'batch.withdraw': batchStep(withdrawBatch),
    'batch.readExport': async ({ text }, context) => summarizePlanFile(ledger, context, await givenBytes(ports.desktop, text, mostPlanTextBytes)),
    'batch.export': async ({ id }, context) => {
      await batchOf(id);
      const target = await openExportFile(ports, `plan ${id}.jsonl`);
      try {
        return await thenShip(inTurn(async () => exportPlan(await batchDeps(), context, { id, target })));
      } finally {
        target.close();
      }
    },
    'batch.sign': async ({ text, expect, note }, context) => {
      const chunks = await givenBytes(ports.desktop, text, mostPlanTextBytes);
      return thenShip(signPlan({ ...ports, approvalHours: (await policyNow()).approvalHours }, context, { chunks, expect, note }));
    },
    'batch.import': async ({ text }, context) => {
      const given = await givenText(ports.desktop, text, mostApprovalTextBytes);
      return thenShip(inTurn(async () => {
        const batch = await importApproval(await batchDeps(), context, { text: given });
        emit('batches.changed', { id: batch.id });
        return batch;
      }));
    },

    // 5 push
    'batch.push': async ({ id, mode, confirm }, context) => {
      await shipper.beforeRun(context.signal, 'new');
      return thenShip(inTurn(async (leave) => {
        const batch = await batchOf(id);
        await assertPushable(await batchDeps(), context, { batch, confirm, askOrg: () => org.identity(context.signal) });
        return thenBackUp(startRun({ ...(await pushDeps()), onStored: leave }, context, { batch, mode }));
      }));
    },
    'batch.retry': async ({ id, confirm }, context) => {
      await shipper.beforeRun(context.signal, 'new');
      return thenShip(inTurn(async (leave) => {
        const batch = await batchOf(id);
        await assertRetryable(await batchDeps(), { batch, confirm, askOrg: () => org.identity(context.signal) });
        return thenBackUp(retryBatch({ ...(await pushDeps()), onStored: leave }, context, { batch }));
      }));
    },
    'run.resume': async ({ runId }, context) => {
      const run = { runId: runId ?? (await newestOpenRun()) };
      await shipper.beforeRun(context.signal, 'resumed');
      await assertResumable(await batchDeps(), { ...run, askOrg: () => org.identity(context.signal) });
      return thenShip(thenBackUp(resumeRun(await pushDeps(), context, run)));
    },
    'run.abandon': async (input, context) => thenShip(thenBackUp(abandonRun(await pushDeps(), context, input))),
    'run.stop': async ({ runId }, { actor }) => {
      stopRun(active, runId, actor);
      return {};
    },
    'pushes.pause': async ({ reason }, context) => {
      await step('pushes.paused', context, { reason }, { write: 'pause.set', pause: { by: context.actor, at: clock.now(), reason } });
      emit('pause.changed', { paused: true });
      return {};
    },
    'pushes.unpause': async ({ reason }, context) => {
      await step('pushes.resumed', context, reason ? { reason } : {}, { write: 'pause.set', pause: null });
      emit('pause.changed', { paused: false });
      return {};
    },

    // 6 audit
    'audit.page': (input) => ledger.events(input),
    'audit.checkpoints': () => ledger.checkpoints(),
    'audit.verify': (input, context) => verifyAudit({ ledger, table: ports.auditTable, readOnly: ports.readOnly }, context, input),
    'audit.shipping': () => shipper.describe(),
    'audit.anchor': (_, { signal }) => shipper.ship(signal),
    'audit.export': async ({ format }, { actor }) => exportAudit({ ledger, desktop: ports.desktop, folder: ports.folder }, { format, actor }),

    'settings.savePolicy': async (policy, context) => {
      await step('policy.changed', context, { ...policy, selfApproval: policy.selfApproval ?? null }, { write: 'policy.set', policy });
      emit('settings.changed', {});
      return {};
    },
    'identity.switch': async () => {
      throw new AppFailure('not-available-here', 'The identity is changed by the window that holds it, not by the core.');
    },
  };

  const app = answerCalls({
    handlers, log, clock, logger, readOnly: ports.readOnly, canSwitchIdentity: config.org.kind === 'simulated',
    signedInUser: async (signal) => (await org.identity(signal)).username,
  }, events);
  return {
    ...app,
    async close(hurry = new AbortController().signal) {
      stopListening();
      decisionWriter.stop();
      await app.close();
      await shipper.close(hurry);
      events.clear();
    },
  };
}
