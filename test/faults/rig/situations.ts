import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { openDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import { markInterrupted, resumeRun } from '../../../electron/core/push/resume.ts';
import { retryBatch } from '../../../electron/core/push/retry.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import type { PlanRecord } from '../../../shared/domain/plan.ts';
import { asAda, keyOf, openWorkbench, plannedUpdate, planOf, pushDeps, seededRecord, storeApprovedBatch, type PushWorkbench } from '../../core/push/push-workbench.ts';
import { scriptedOrg, scriptedOrgId, type ScriptedOrg, type Values, type WriteAction } from '../scripted-org.ts';
import { virtualClock } from '../virtual-clock.ts';
import { tamperedPlanIsRefused } from './tampered-plan.ts';

type Mode = 'collections' | 'strict' | 'bulk';

const batch = { id: 'B-1' };
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Works in a folder that is gone afterwards. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(scratch, 'countersign-situation-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A plan of updates in an org whose writes go wrong as told. */
async function inScriptedOrg(plan: readonly PlanRecord[], writes: readonly WriteAction[], work: (place: { ledger: Ledger; scripted: ScriptedOrg; deps(org?: Org): ReturnType<typeof pushDeps> }) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const clock = virtualClock();
    const ledger = await openLedger({ folder, threads: false, now: clock.now });
    await storeApprovedBatch(ledger, plan, scriptedOrgId);
    const seed = plan.flatMap(({ kind }, index) => (kind === 'update' ? [seededRecord(index + 1) as unknown as Values] : []));
    const scripted = scriptedOrg(seed, { writes, reads: [] }, { clock, lateEffectMs: 5_000 });
    await work({ ledger, scripted, deps: (org = scripted.org) => pushDeps({ ledger, org, clock, chunkSize: 4 }) });
    await ledger.close();
  });
}

async function inSimulatedOrg(plan: readonly PlanRecord[], work: (bench: PushWorkbench) => Promise<void>): Promise<void> {
  const bench = await openWorkbench(plan, { chunkSize: 4 });
  try {
    await work(bench);
  } finally {
    await bench.close();
  }
}

/** The code or rule of a refusal; `done` when there was none. */
async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    return String(error.error.details['rule'] ?? error.error.code);
  }
}

const plain = (deps: ReturnType<typeof pushDeps>, mode: Mode = 'collections') => startRun(deps, asAda(), { batch, mode });

type Dying = <A extends unknown[], R>(method: (...args: A) => Promise<R>) => (...args: A) => Promise<R>;

/** Works on a run until its process dies in a call: the org has it, and nobody waits for its answer. */
async function dieIn(ledger: Ledger, deps: (org: Org) => ReturnType<typeof pushDeps>, orgOf: (die: Dying) => Org, begin: (deps: ReturnType<typeof pushDeps>) => Promise<unknown>): Promise<void> {
  const { promise: death, resolve: died } = Promise.withResolvers<void>();
  const die: Dying = (method) => async (...args) => {
    await method(...args).catch(() => null);
    died();
    return new Promise(() => undefined);
  };
  const mortal = deps(orgOf(die));
  await Promise.race([death, begin(mortal)]);
  await markInterrupted({ ledger, clock: mortal.clock });
}

/** Single situations that say at once whether the engine keeps one promise. Each rejects when it does not. */
export const situations: Readonly<Record<string, () => Promise<void>>> = {
  'every setting of the ledger': () =>
    inFolder(async (folder) => {
      const db = openDatabase(join(folder, 'any.db'), { durability: 'full' });
      assert.deepEqual([db.pragma('synchronous', { simple: true }), db.pragma('journal_mode', { simple: true })], [2, 'wal'], 'a commit must reach the disk before it counts');
      db.close();
    }),

  'a plan that was edited': () => inFolder(tamperedPlanIsRefused),

  'a plan is used once': () =>
    inScriptedOrg(planOf(0, 3), [], async ({ deps, ledger }) => {
      await plain(deps());
      assert.equal(await refusalOf(plain(deps())), 'plan-consumed');
      assert.equal((await ledger.runs('B-1')).length, 1);
    }),

  'another org': () =>
    inScriptedOrg(planOf(0, 2), [], async ({ deps, scripted }) => {
      const other: Org = { ...scripted.org, identity: async (signal) => ({ ...(await scripted.org.identity(signal)), orgId: '00D000000000009EAA' }) };
      assert.equal(await refusalOf(plain(deps(other))), 'wrong-org');
      assert.equal(scripted.effects.length, 0);
    }),

  'rows that are locked once': () =>
    inScriptedOrg(planOf(0, 4), ['locked'], async ({ deps, scripted }) => {
      const run = await plain(deps());
      assert.deepEqual([run.state, run.counts.succeeded, scripted.effects.length], ['completed', 4, 4], 'locked rows must be tried again');
    }),

  'rows that stay locked': () =>
    inScriptedOrg(planOf(0, 2), Array.from({ length: 60 }, () => 'locked' as const), async ({ deps }) => {
      // Alone in its call, a row is the first and goes through; so both are held.
      const held = deps();
      const locked: Org = { ...held.org, update: async ({ records }) => records.map(() => ({ ok: false, code: 'UNABLE_TO_LOCK_ROW', message: 'locked', fields: [] })) };
      let calls = 0;
      const counted: Org = { ...locked, update: async (request, signal) => { calls += 1; assert.ok(calls < 50, 'locked rows are tried without end'); return locked.update(request, signal); } };
      const run = await plain({ ...held, org: counted });
      assert.deepEqual([run.state, run.counts.failed], ['completed-with-errors', 2]);
    }),

  'a retry takes only what failed': () =>
    inScriptedOrg(planOf(0, 4), ['failed'], async ({ deps, scripted }) => {
      const first = await plain(deps());
      assert.equal(first.counts.failed, 2);
      const run = await retryBatch(deps(), asAda(), { batch });
      assert.deepEqual([run.state, run.counts.planned, run.counts.succeeded, scripted.effects.length], ['completed', 2, 2, 4]);
    }),

  'a refusal while a lost call is still at work': () =>
    inScriptedOrg(planOf(2, 0), ['late', 'failed'], async ({ deps, scripted }) => {
      const run = await plain(deps());
      assert.equal(scripted.effects.length, 2);
      assert.deepEqual([run.state, run.counts.succeeded], ['completed', 2], 'what a lost call may still write is not final');
    }),

  'a field that a job blanks': () =>
    inSimulatedOrg([plannedUpdate(1, { fields: { City__c: { before: 'Boston', after: null } } }), plannedUpdate(2)], async (bench) => {
      const run = await startRun(bench.deps, asAda(), { batch, mode: 'bulk' });
      assert.deepEqual([run.state, run.counts.succeeded], ['completed', 2]);
      const [blanked] = (await bench.journal()).filter(({ externalKey }) => externalKey === 'old-00001');
      assert.equal(blanked?.after?.['City__c'] ?? null, null);
    }),

  'a session that stays expired': () =>
    inSimulatedOrg(planOf(2, 0), async (bench) => {
      await bench.addFault({ match: { method: 'POST', path: '/composite/sobjects$' }, times: -1, action: { unauthorized: true } });
      await bench.control('DELETE', '/calls');
      const run = await plain(bench.deps);
      assert.equal(run.state, 'stopped');
      const { byRoute } = await bench.control<{ byRoute: Record<string, number> }>('GET', '/calls');
      assert.equal(byRoute['POST /composite/sobjects'], 2, 'after a refused session a call goes out once more, not more often');
    }),

  'a call that a dead process has left': () =>
    inScriptedOrg(planOf(0, 3), ['late'], async ({ deps, scripted, ledger }) => {
      await dieIn(ledger, deps, (die) => ({ ...scripted.org, update: die(scripted.org.update) }), (dying) => plain(dying, 'collections'));
      const run = await resumeRun(deps(), asAda(), { runId: 'R-1' });
      // What is late comes now, at the latest.
      await deps().clock.sleep(10_000, new AbortController().signal);
      assert.deepEqual([run.state, run.counts.succeeded, scripted.effects.length], ['completed', 3, 3], 'a late effect must be waited for');
    }),

  'a job that a dead process has left': () =>
    inScriptedOrg(planOf(0, 3), [], async ({ deps, scripted, ledger }) => {
      const { org } = scripted;
      await dieIn(ledger, deps, (die) => ({ ...org, bulk: { ...org.bulk, close: die(org.bulk.close) } }), (dying) => plain(dying, 'bulk'));
      const run = await resumeRun(deps(), asAda(), { runId: 'R-1' });
      assert.deepEqual([run.state, run.counts.succeeded, scripted.effects.length], ['completed', 3, 3], 'the job must be found again');
    }),

  'a job that a dying process has aborted': () =>
    inScriptedOrg(planOf(0, 3), [], async ({ deps, scripted, ledger }) => {
      const { org } = scripted;
      await dieIn(ledger, deps, (die) => ({ ...org, bulk: { ...org.bulk, upload: die(async () => undefined) } }), (dying) => plain(dying, 'bulk'));
      const dying = deps({ ...org, bulk: { ...org.bulk, abort: async (...args) => { await org.bulk.abort(...args); throw new AppFailure('audit-not-writable', 'The process dies.'); } } });
      await resumeRun(dying, asAda(), { runId: 'R-1' }).catch(() => null);
      await markInterrupted({ ledger, clock: deps().clock });
      const run = await resumeRun(deps(), asAda(), { runId: 'R-1' });
      assert.deepEqual([run.state, scripted.effects.length], ['completed', 3]);
    }),

  'a pause while a job is at work': () =>
    inScriptedOrg(planOf(0, 4), [], async ({ deps, scripted, ledger }) => {
      const { org } = scripted;
      const pause = { by: 'bob', at: '2026-11-23T12:00:00.000Z', reason: 'wait' };
      let isPaused = false;
      const pausing: Org = {
        ...org,
        bulk: {
          ...org.bulk,
          job: async (...args) => {
            if (!isPaused) await ledger.commit({ events: [{ type: 'pushes.paused', actor: 'bob', batchId: null, runId: null, keys: [], data: {} }], writes: [{ write: 'pause.set', pause }] });
            isPaused = true;
            return org.bulk.job(...args);
          },
        },
      };
      const run = await plain(deps(pausing), 'bulk');
      assert.deepEqual([run.state, run.stopReason?.code, scripted.effects.length < 4], ['stopped', 'paused', true], 'a job must be aborted when pushes are paused');
    }),

  'somebody else writes what was certainly not written': () =>
    inScriptedOrg(planOf(1, 0), Array.from({ length: 5 }, () => 'busy' as const), async ({ deps, scripted }) => {
      const [record] = planOf(1, 0);
      assert.equal((await plain(deps())).state, 'stopped');
      scripted.create({ Snappt_Property_ID__c: keyOf('create', 1), ...Object.fromEntries(Object.entries(record?.fields ?? {}).map(([field, { after }]) => [field, after])) });
      const run = await resumeRun(deps(), asAda(), { runId: 'R-1' });
      assert.deepEqual([run.state, run.counts.succeeded, run.counts.skipped], ['completed', 0, 1], 'the work of somebody else must not be told as ours');
    }),

  'a job after a call that a dead process has left': () =>
    inScriptedOrg(planOf(0, 406), ['ok', 'ok', 'lost-partly', 'late'], async ({ deps, scripted, ledger }) => {
      const { org } = scripted;
      const resume = (dying = deps()) => resumeRun(dying, asAda(), { runId: 'R-1' });
      // The job does half of its rows. The first call for the others is late, and its process dies; so does the next one, if it makes a job.
      await dieIn(ledger, deps, (die) => ({ ...org, update: die(org.update) }), (dying) => plain(dying, 'bulk'));
      await dieIn(ledger, deps, (die) => ({ ...org, bulk: { ...org.bulk, close: die(org.bulk.close) } }), resume);
      if ((await ledger.run('R-1'))?.state !== 'completed') await resume();
      await deps().clock.sleep(10_000, new AbortController().signal);
      assert.equal(scripted.effects.length, 406, 'no job may stand over records that a lost call may still write');
    }),

  'a job that is not found for a moment': () =>
    inScriptedOrg(planOf(0, 3), [], async ({ deps, scripted }) => {
      // The job is at work for longer than any call can be.
      const org = { ...scripted.org, lateEffectMs: 10 };
      let asked = 0;
      const forgetful: Org = { ...org, bulk: { ...org.bulk, job: async (...args) => { asked += 1; return asked <= 2 ? null : org.bulk.job(...args); } } };
      let run = await plain(deps(forgetful), 'bulk');
      if (run.state === 'stopped') run = await resumeRun(deps(forgetful), asAda(), { runId: 'R-1' });
      await deps().clock.sleep(10_000, new AbortController().signal);
      assert.deepEqual([run.state, scripted.effects.length], ['completed', 3], 'a job that is at work must not be done again');
    }),

  'a job whose outcomes are half stored': () =>
    inScriptedOrg(planOf(0, 4), ['ok', 'ok', 'locked'], async ({ deps, scripted, ledger }) => {
      const whole = deps();
      const cut: Ledger = { ...ledger, commit: async (step) => (step.writes.some((write) => write.write === 'job.put' && write.job.state === 'ended') ? Promise.reject(new AppFailure('audit-not-writable', 'The process dies.')) : ledger.commit(step)) };
      assert.equal(await refusalOf(plain({ ...whole, ledger: cut }, 'bulk')), 'audit-not-writable');
      await markInterrupted({ ledger, clock: whole.clock });
      const run = await resumeRun(deps(), asAda(), { runId: 'R-1' });
      assert.deepEqual([run.state, scripted.effects.length], ['completed', 4], 'the rest of the results must still be taken');
    }),

  'somebody else creates the record after the look': async () => {
    for (const mode of ['collections', 'strict', 'bulk'] as const) {
      await inScriptedOrg(planOf(2, 0), [], async ({ deps, scripted }) => {
        const theirs = { Name: 'Somebody else', Snappt_Property_ID__c: keyOf('create', 1) };
        const first = <A extends unknown[], R>(method: (...args: A) => R) => (...args: A): R => {
          scripted.create(theirs);
          return method(...args);
        };
        const { org } = scripted;
        const intruded: Org = { ...org, insert: first(org.insert), insertStrict: first(org.insertStrict), bulk: { ...org.bulk, close: first(org.bulk.close) } };
        const run = await plain(deps(intruded), mode);
        assert.deepEqual([run.state, run.counts.succeeded], ['completed-with-errors', 1]);
        const held = [...scripted.records.values()].filter((record) => record['Snappt_Property_ID__c'] === keyOf('create', 1));
        assert.deepEqual(held.map(({ Name }) => Name), ['Somebody else'], 'a create must never go over a record');
      });
    }
  },

  'a job that cannot be aborted at once': () =>
    inScriptedOrg(planOf(0, 3), ['ok', 'lost-before', 'lost-before', 'ok', 'ok', 'ok', 'ok'], async ({ deps, scripted }) => {
      let polls = 0;
      const { bulk } = scripted.org;
      const counted: Org = { ...scripted.org, bulk: { ...bulk, job: async (...args) => { polls += 1; assert.ok(polls < 200, 'a job that was never closed is waited for without end'); return bulk.job(...args); } } };
      let run = await plain(deps(counted), 'bulk');
      if (run.state === 'stopped') run = await resumeRun(deps(counted), asAda(), { runId: run.id });
      assert.deepEqual([run.state, scripted.effects.length], ['completed', 3]);
    }),
};
