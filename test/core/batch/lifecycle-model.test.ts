import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approveBatch } from '../../../electron/core/batch/approve-batch.ts';
import { assertPushable } from '../../../electron/core/batch/assert-pushable.ts';
import type { BatchDeps } from '../../../electron/core/batch/batch-deps.ts';
import { rejectBatch, withdrawBatch } from '../../../electron/core/batch/change-batch.ts';
import { createBatch } from '../../../electron/core/batch/create-batch.ts';
import { importApproval } from '../../../electron/core/batch/import-approval.ts';
import { submitBatch } from '../../../electron/core/batch/submit-batch.ts';
import { exportedPlan, signedApproval } from './approval-by-file.ts';
import { changesOf, openWorkbench, ruleOf, sampleOrg, type Workbench } from './batch-workbench.ts';

/** What the rules say of one batch; ann proposes, and no approval outlasts 24 hours. */
interface Model {
  state: 'draft' | 'submitted' | 'approved' | 'rejected' | 'expired';
  approvers: string[];
  hours: number;
  /** When the first approval runs out. */
  until: number;
  city: string;
  frozen: string | null;
  submission: number;
  file: { submission: number; until: number } | null;
}

interface Real {
  bench: Workbench;
  elsewhere: Workbench;
  deps: BatchDeps;
  id: string;
  text: string;
}

type Step = fc.AsyncCommand<Model, Real>;

const needed = 2;
const isWaiting = (model: Model): boolean => model.state === 'submitted' || model.state === 'approved';
const isRunOut = (model: Model): boolean => isWaiting(model) && model.until <= model.hours;

function expire(model: Model): boolean {
  if (!isRunOut(model)) return false;
  Object.assign(model, { state: 'expired', approvers: [] });
  return true;
}

function mayApprove(model: Model, who: string): boolean {
  return !expire(model) && isWaiting(model) && who !== 'ann' && !model.approvers.includes(who) && model.approvers.length < needed;
}

function addApproval(model: Model, who: string, until: number): void {
  model.approvers.push(who);
  model.until = Math.min(model.until, until);
  model.state = model.approvers.length >= needed ? 'approved' : 'submitted';
}

/** A step that must be done or refused as the rules say, and leave the batch as they say. */
function step(name: string, predict: (model: Model) => boolean, run: (real: Real) => Promise<unknown>): Step {
  return {
    check: () => true,
    async run(model, real) {
      const before = { ...model, approvers: [...model.approvers] };
      const wanted = predict(model);
      const rule = await ruleOf(run(real));
      const facts = JSON.stringify({ name, rule, before, model });
      expect(rule === 'done', facts).toBe(wanted);
      const batch = await real.deps.ledger.batch(real.id);
      expect([batch?.state, batch?.approvals.map(({ by }) => by).toSorted()], facts).toEqual([model.state, model.approvers.toSorted()]);
    },
    toString: () => name,
  };
}

const submit = step('submit', (model) => {
  const isSame = isWaiting(model) && !isRunOut(model) && model.frozen === model.city;
  if (!isSame) Object.assign(model, { state: 'submitted', approvers: [], until: Infinity, frozen: model.city, submission: model.submission + 1 });
  return true;
}, ({ bench, deps, id }) => submitBatch(deps, bench.as('ann'), { id }));

const approve = (who: string): Step => step(`approve by ${who}`, (model) => {
  const may = mayApprove(model, who);
  if (may) addApproval(model, who, model.hours + 24);
  return may;
}, ({ bench, deps, id }) => approveBatch(deps, bench.as(who), { id }));

const reject = step('reject', (model) => {
  if (!isWaiting(model)) return false;
  Object.assign(model, { state: 'rejected', approvers: [], until: Infinity });
  return true;
}, ({ bench, deps, id }) => rejectBatch(deps, bench.as('cy'), { id, reason: 'no' }));

const withdraw = step('withdraw', (model) => {
  if (!isWaiting(model) && model.state !== 'expired') return false;
  Object.assign(model, { state: 'draft', approvers: [], until: Infinity, frozen: null });
  return true;
}, ({ bench, deps, id }) => withdrawBatch(deps, bench.as('ann'), { id }));

const change = (city: string): Step => step(`the source says ${city}`, (model) => {
  model.city = city;
  return true;
}, async ({ bench }) => {
  await bench.load(changesOf(1, 1).map((one) => ({ ...one, city })));
  await bench.approveAll();
});

const wait = (hours: number): Step => step(`${hours} hours pass`, (model) => {
  model.hours += hours;
  return true;
}, async ({ bench }) => bench.wait(hours));

const sign = step('export, and sign as bob', (model) => {
  if (expire(model) || !isWaiting(model) || model.approvers.includes('bob')) return false;
  model.file = { submission: model.submission, until: model.hours + 24 };
  return true;
}, async (real) => {
  real.text = await signedApproval(real.elsewhere, 'bob', await exportedPlan(real.bench, real.id, real.deps));
});

const take = step('import what bob signed', (model) => {
  const { file } = model;
  if (file === null || !mayApprove(model, 'bob') || file.submission !== model.submission || file.until <= model.hours) return false;
  addApproval(model, 'bob', file.until);
  return true;
}, ({ bench, deps, text }) => importApproval(deps, bench.as('ann'), { text }));

const push = step('push', (model) => !expire(model) && model.state === 'approved' && model.frozen === model.city,
  ({ bench, deps, id }) => assertPushable(deps, bench.as('ann'), { batch: { id }, askOrg: async () => sampleOrg }));

const steps = [submit, approve('ann'), approve('bob'), approve('cy'), reject, withdraw, change('Waco'), change('Dallas'), wait(10), sign, take, push];

test('Row 32: whatever is done in whatever order, a batch can be pushed if and only if the rules hold', async () => {
  await fc.assert(fc.asyncProperty(fc.commands(steps.map((one) => fc.constant(one)), { maxCommands: 40, size: '+1' }), async (commands) => {
    const bench = await openWorkbench(changesOf(1, 1));
    const other = await openWorkbench();
    await bench.approveAll();
    const deps = bench.withPolicy({ approvals: needed, selfApproval: false });
    const { id } = await createBatch(deps, bench.as('ann'), { name: 'One', draw: { by: 'all-approved' } });
    const model: Model = { state: 'draft', approvers: [], hours: 0, until: Infinity, city: 'Dallas', frozen: null, submission: 0, file: null };
    const real: Real = { bench, elsewhere: { ...other, deps: { ...other.deps, clock: bench.deps.clock } }, deps, id, text: '' };
    await fc.asyncModelRun(() => ({ model, real }), commands);
  }), { numRuns: 25, endOnFailure: true });
});
