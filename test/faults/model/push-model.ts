import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import { createActiveRuns, stopRun } from '../../../electron/core/push/active-runs.ts';
import { abandonRun } from '../../../electron/core/push/abandon.ts';
import { markInterrupted, resumeRun } from '../../../electron/core/push/resume.ts';
import { retryBatch } from '../../../electron/core/push/retry.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import type { PushDeps } from '../../../electron/core/push/session.ts';
import type { Run } from '../../../shared/domain/batch.ts';
import { asAda, outcomesOf, planOf, pushDeps, recordIdOf, seededRecord, storeApprovedBatch } from '../../core/push/push-workbench.ts';
import { scriptedOrg, scriptedOrgId, type OrgScript, type ScriptedOrg, type Values } from '../scripted-org.ts';
import { virtualClock, type VirtualClock } from '../virtual-clock.ts';
import { createOverseer, type Overseer } from './overseer.ts';

export type PushMode = 'collections' | 'strict' | 'bulk';

/** What happens while the engine works. Places are counted in commits and calls of the org, from 1; 0 is never. */
export interface Life extends OrgScript {
  stopAt: number;
  killAt: number;
  /** Somebody else's edit of an update's record at a place. */
  edit: { at: number; record: number } | null;
}

/** What a person does to a run. */
export type Order = 'push' | 'resume' | 'retry';

export const creates = 4;
export const updates = 5;
const chunkSize = 3;
const lateEffectMs = 5_000;
export const plan = planOf(creates, updates);
/** In memory, where there is such a folder: the model is not about the disk. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const mostResumes = 40;

/** The engine with a real ledger and a scripted org, watched by an overseer. */
export class PushWorld {
  readonly mode: PushMode;
  readonly clock: VirtualClock;
  readonly scripted: ScriptedOrg;
  readonly overseer: Overseer;
  ledger!: Ledger;
  readonly #folder: string;

  private constructor(mode: PushMode) {
    this.mode = mode;
    this.#folder = mkdtempSync(join(scratch, 'countersign-model-'));
    this.clock = virtualClock();
    const seed = Array.from({ length: updates }, (_, index) => seededRecord(index + 1) as unknown as Values);
    this.overseer = createOverseer({ plan, mode, scripted: () => this.scripted, ledger: () => this.ledger });
    this.scripted = scriptedOrg(seed, { writes: [], reads: [] }, { clock: this.clock, lateEffectMs, onSend: (sent) => this.overseer.onSend(sent) });
  }

  static async open(mode: PushMode): Promise<PushWorld> {
    const world = new PushWorld(mode);
    world.ledger = await openLedger({ folder: world.#folder, threads: false, now: () => world.clock.now() });
    await storeApprovedBatch(world.ledger, plan, scriptedOrgId);
    return world;
  }

  async close(): Promise<void> {
    await this.ledger.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async newestRun(): Promise<Run | null> {
    return (await this.ledger.runs('B-1'))[0] ?? null;
  }

  /** Lets the engine work until it ends, is stopped, or is killed. Null when it was killed before a run was stored. */
  async work(order: Order, life: Life): Promise<Run | null> {
    this.scripted.script(life);
    const died = Promise.withResolvers<void>();
    const deps = this.#mortalDeps(life, died.resolve);
    const ended = this.#begin(order, deps).catch((error: unknown) => {
      if (!(error instanceof AppFailure)) throw error;
    });
    await Promise.race([ended, died.promise]);
    this.overseer.stopAsked(false);
    this.scripted.script({ writes: [], reads: [] });
    await markInterrupted({ ledger: this.ledger, clock: this.clock });
    await this.#check();
    return this.newestRun();
  }

  /** Ends a run for good; it may be refused only while something of the run may still write, or nobody can tell. */
  async abandon(): Promise<void> {
    const run = await this.newestRun();
    try {
      if (run !== null) await abandonRun(this.#deps(this.ledger, this.scripted.org), asAda(), { runId: run.id, reason: 'enough' });
    } catch (error) {
      if (!(error instanceof AppFailure) || error.error.details['rule'] !== 'may-still-write') throw error;
    }
    await this.#check();
  }

  edit(record: number, values: Values = { City__c: 'Chicago' }): void {
    this.scripted.edit(recordIdOf(record), values);
  }

  /** Resumes with nothing going wrong until the run has ended, then looks at every record. */
  async settle(): Promise<void> {
    const calm: Life = { writes: [], reads: [], stopAt: 0, killAt: 0, edit: null };
    this.clock.advance(lateEffectMs);
    let run = await this.newestRun();
    if (run === null) run = await this.work('push', calm);
    for (let resumes = 0; run?.state === 'stopped' || run?.state === 'interrupted'; resumes += 1) {
      if (resumes > mostResumes) throw new Error('The run does not come to its end although nothing goes wrong.');
      run = await this.work('resume', calm);
    }
    this.clock.advance(lateEffectMs);
    await this.#checkEnd(run);
  }

  #deps(ledger: Ledger, org: Org): PushDeps {
    return { ...pushDeps({ ledger, org, clock: this.clock, chunkSize }), active: createActiveRuns() };
  }

  /** Ports that stop answering once the engine is dead, and tell the overseer of everything. */
  #mortalDeps(life: Life, died: () => void): PushDeps {
    let places = 0;
    let isDead = false;
    const never = new Promise<never>(() => undefined);
    const place = async (): Promise<void> => {
      places += 1;
      if (life.edit !== null && places === life.edit.at) this.edit(life.edit.record);
      if (places === life.stopAt && deps.active.current?.runId) {
        this.overseer.stopAsked(true);
        stopRun(deps.active, deps.active.current.runId, 'ada');
      }
      if (places === life.killAt) {
        isDead = true;
        died();
      }
      if (isDead) await never;
    };
    const around = <M extends (...args: never[]) => Promise<unknown>>(method: M): M =>
      (async (...args: never[]) => {
        await place();
        const outcome = await method(...args).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
        await place();
        if ('error' in outcome) throw outcome.error;
        return outcome.value;
      }) as M;
    const { org } = this.scripted;
    const { bulk } = org;
    const watched = this.overseer.watch(this.ledger);
    const alive = Object.fromEntries(Object.entries(watched).map(([name, method]) => [name, async (...args: never[]) => (isDead ? never : (method as (...args: never[]) => Promise<unknown>)(...args))])) as unknown as Ledger;
    const deps: PushDeps = this.#deps(
      { ...alive, commit: around(watched.commit) },
      {
        ...org,
        readByIds: around(org.readByIds),
        readByKeys: around(org.readByKeys),
        insert: around(org.insert),
        update: around(org.update),
        insertStrict: around(org.insertStrict),
        updateStrict: around(org.updateStrict),
        bulk: {
          create: around(bulk.create),
          upload: around(bulk.upload),
          close: around(bulk.close),
          abort: around(bulk.abort),
          job: around(bulk.job),
          async *results(...args) {
            for await (const page of bulk.results(...args)) {
              await place();
              yield page;
            }
          },
        },
      },
    );
    return deps;
  }

  async #begin(order: Order, deps: PushDeps): Promise<void> {
    const run = await this.newestRun();
    if (order === 'push') await startRun(deps, asAda(), { batch: { id: 'B-1' }, mode: this.mode });
    else if (order === 'retry') await retryBatch(deps, asAda(), { batch: { id: 'B-1' } });
    else await resumeRun(deps, asAda(), { runId: run?.id ?? '' });
  }

  /** What must hold at any time. */
  async #check(): Promise<void> {
    const problems = [...this.overseer.violations];
    for (const run of await this.ledger.runs('B-1')) {
      const { planned, ...parts } = run.counts;
      if (Object.values(parts).reduce((sum, part) => sum + part, 0) !== planned) problems.push(`the counts of ${run.id} do not add up: ${JSON.stringify(run.counts)}`);
      if (run.retryOf === null && planned !== plan.length) problems.push(`${run.id} has ${planned} records of ${plan.length}`);
      if (run.state === 'completed' && run.counts.succeeded + run.counts.skipped !== planned) problems.push(`${run.id} is shown as a success, but is ${JSON.stringify(run.counts)}`);
      if (run.state === 'completed-with-errors' && run.counts.notSent + run.counts.unknown > 0) problems.push(`${run.id} has ended with records that were not dealt with: ${JSON.stringify(run.counts)}`);
      for (const record of await this.ledger.runRecords({ runId: run.id, states: ['planned', 'sending', 'unknown', 'succeeded', 'failed', 'stale', 'skipped'], after: null, limit: 100 })) {
        if (record.attempts !== this.overseer.attemptsOf(run.id, record.key)) problems.push(`${record.key} was tried ${this.overseer.attemptsOf(run.id, record.key)} times, not ${record.attempts}`);
      }
    }
    const batch = await this.ledger.batch('B-1');
    if (batch?.state === 'completed' && batch.outcomes !== null && batch.outcomes.succeeded + batch.outcomes.skipped !== plan.length) problems.push(`the batch is shown as a success, but is ${JSON.stringify(batch.outcomes)}`);
    problems.push(...this.#checkEffects());
    if (problems.length > 0) throw new Error([...new Set(problems)].join('\n'));
  }

  /** What really took place, held against the plan. */
  #checkEffects(): string[] {
    const problems: string[] = [];
    const { effects } = this.scripted;
    for (const effect of effects.filter(({ by }) => by === 'us')) {
      const record = plan.find(({ key }) => key === effect.key);
      if (record === undefined || record.kind !== effect.operation) problems.push(`${effect.operation} of ${effect.key}, which nobody planned`);
      const others = effects.filter((other) => other.key === effect.key && other.by === 'others' && other.seq < effect.seq);
      if (this.mode === 'strict' && effect.operation === 'update' && others.some(({ seq, values }) => seq > (this.#lookBefore(effect.call, effect.key) ?? 0) && Object.keys(values).some((field) => field in effect.values))) {
        problems.push(`strict: ${effect.key} was overwritten although somebody else changed it`);
      }
    }
    for (const { key, kind } of plan) {
      const own = effects.filter((effect) => effect.key === key && effect.by === 'us');
      if (kind === 'create' && own.length > 1 && !effects.some((effect) => effect.key === key && effect.operation === 'delete')) problems.push(`${key} was created ${own.length} times`);
      const [first, ...more] = own;
      for (const again of more) if (first !== undefined && !effects.some((effect) => effect.key === key && effect.by === 'others' && effect.seq > first.seq && effect.seq < again.seq)) problems.push(`${key} was written ${own.length} times`);
    }
    return problems;
  }

  #lookBefore(call: number, key: string): number | null {
    const seen = this.scripted.seen.get(key);
    return seen !== undefined && seen.seq < call ? seen.seq : null;
  }

  /** What must hold once a run has ended and nothing is on its way any more. */
  async #checkEnd(run: Run | null): Promise<void> {
    await this.#check();
    const problems: string[] = [];
    if (!(await this.ledger.verify()).ok) problems.push('the chain is broken');
    const outcomes = await outcomesOf(this.ledger);
    for (const { key, kind, fields } of plan) {
      const outcome = outcomes.get(key);
      const own = this.scripted.effects.filter((effect) => effect.key === key && effect.by === 'us');
      const others = this.scripted.effects.filter((effect) => effect.key === key && effect.by === 'others');
      const held = [...this.scripted.records.values()].find((record) => record['Snappt_Property_ID__c'] === key);
      const isHeld = held !== undefined && Object.entries(fields).every(([field, { after }]) => (held[field] ?? null) === after);
      const name = `${kind} ${key} (${outcome?.outcome} ${outcome?.code ?? ''}, ${own.length} effects)`;
      if (others.length > 0 || run?.state === 'abandoned') continue;
      if (isHeld !== (outcome?.outcome === 'succeeded')) problems.push(`${name} is ${isHeld ? '' : 'not '}in Salesforce as planned`);
      if (outcome?.outcome === 'succeeded' && own.length === 0) problems.push(`${name} was never written`);
      if (outcome?.outcome === 'stale' || outcome?.outcome === 'skipped') problems.push(`${name}, but nobody else touched it`);
    }
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }
}
