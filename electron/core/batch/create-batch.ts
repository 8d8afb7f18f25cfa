import { isBatchOpen, type Batch, type Draw } from '../../../shared/domain/batch.ts';
import { kinds, type PendingKey } from '../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../shared/domain/selection.ts';
import { AppFailure, refusal, throwIfCancelled } from '../app-failure.ts';
import type { BatchRow } from '../ledger-ports.ts';
import type { CallContext, DrawableChange } from '../ports.ts';
import { batchEvent, pageSize, requireBatch, type BatchDeps } from './batch-deps.ts';
import { startPilotDraw } from './draw-pilot.ts';

/** How many changes are looked at together while drawing. */
const drawPage = 10_000;

/** How many changes one decision may name. */
const mostNamed = 10_000;

interface Drawn {
  members: PendingKey[];
  strata: Batch['strata'];
  /** Members of a pilot that nobody has decided on. */
  undecided: PendingKey[];
}

/**
 * Makes a draft batch from pending changes.
 *
 * Shape:  a pilot and `all-approved` leave out what blockers forbid, what another open batch holds, and what was pushed
 *         since the snapshot was taken. Drawing a pilot approves its undecided members, as a decision that can be undone.
 * Errors: `refused` (`no-snapshot`, `nothing-to-do`), `not-found` for a key that is not pending, `invalid-input` for a filter.
 */
export async function createBatch(deps: BatchDeps, ctx: CallContext, input: { name: string; draw: Draw }): Promise<Batch> {
  const { ledger } = deps;
  const { name, draw } = input;
  const snapshot = await deps.cache.snapshot();
  if (!snapshot) throw refusal('no-snapshot', 'Nothing is pending yet. Refresh first.');
  const { members, strata, undecided } = await drawMembers(deps, ctx, draw, snapshot.takenAt);
  if (members.length === 0) throw refusal('nothing-to-do', emptyBecause(draw));

  const id = `B-${await ledger.nextNumber('batch')}`;
  for (let start = 0; start < undecided.length; start += mostNamed) {
    await ledger.decide({ selection: { items: undecided.slice(start, start + mostNamed) }, decision: 'approve', reason: `by drawing the pilot ${id} "${name}"`, actor: ctx.actor });
  }
  const creates = members.filter(({ kind }) => kind === 'create').length;
  const batch: BatchRow = {
    id, name, state: 'draft', isPilot: draw.by === 'pilot', draw, strata, creates, updates: members.length - creates, fields: null, planHash: null,
    snapshotId: snapshot.id, orgId: deps.org.id, orgName: deps.org.name, createdBy: ctx.actor, createdAt: deps.clock.now(), submittedBy: null, submittedAt: null,
    approvalsNeeded: deps.policy.approvals, expiresAt: null, rejectedBy: null, rejectedReason: null, overridePilotReason: null,
  };
  for (let start = 0; start < members.length; start += mostNamed) {
    await ledger.commit({ events: [], writes: [{ write: 'batch.members', batchId: id, members: members.slice(start, start + mostNamed) }] });
  }
  const event = batchEvent('batch.created', ctx.actor, id, { name, draw, creates, updates: batch.updates, snapshotId: snapshot.id }, members.map(({ key }) => key));
  await ledger.commit({ events: [event], writes: [{ write: 'batch.put', batch }] });
  return requireBatch(deps, id);
}

async function drawMembers(deps: BatchDeps, ctx: CallContext, draw: Draw, takenAt: string): Promise<Drawn> {
  switch (draw.by) {
    case 'keys':
      return { members: await findKeys(deps, draw.keys), strata: [], undecided: [] };
    case 'filter':
      return { members: await collect(deps, ctx, { filter: draw.filter, except: [] }, () => true), strata: [], undecided: [] };
    case 'all-approved': {
      const taken = await findTaken(deps, takenAt);
      const isFree = (change: DrawableChange) => change.decision === 'approve' && change.blockers === 0 && !taken.has(nameOf(change));
      return { members: await collect(deps, ctx, { filter: 'decision:approve', except: [] }, isFree), strata: [], undecided: [] };
    }
    case 'pilot':
      return drawPilot(deps, ctx, draw, await findTaken(deps, takenAt));
  }
}

async function drawPilot(deps: BatchDeps, ctx: CallContext, draw: Extract<Draw, { by: 'pilot' }>, taken: ReadonlySet<string>): Promise<Drawn> {
  const pilot = startPilotDraw(draw);
  for await (const changes of readPending(deps, ctx, { filter: '-decision:exclude -decision:hold -severity:blocker', except: [] })) {
    for (const change of changes) {
      const isFree = change.blockers === 0 && (change.decision === 'none' || change.decision === 'approve') && !taken.has(nameOf(change));
      if (isFree) pilot.add(change);
    }
  }
  const { members, strata } = pilot.finish();
  const undecided: PendingKey[] = [];
  for (let start = 0; start < members.length; start += pageSize) {
    const items = members.slice(start, start + pageSize);
    const changes = await deps.cache.drawable({ selection: { items }, after: null, limit: items.length });
    undecided.push(...changes.filter(({ decision }) => decision === 'none').map(({ key, kind }) => ({ key, kind })));
  }
  return { members, strata, undecided };
}

async function collect(deps: BatchDeps, ctx: CallContext, selection: Selection, isWanted: (change: DrawableChange) => boolean): Promise<PendingKey[]> {
  const found: PendingKey[] = [];
  for await (const changes of readPending(deps, ctx, selection)) {
    for (const change of changes) if (isWanted(change)) found.push({ key: change.key, kind: change.kind });
  }
  return found;
}

async function* readPending(deps: BatchDeps, ctx: CallContext, selection: Selection): AsyncGenerator<DrawableChange[]> {
  let after: PendingKey | null = null;
  for (;;) {
    throwIfCancelled(ctx.signal, 'Drawing the batch');
    const changes: DrawableChange[] = await deps.cache.drawable({ selection, after, limit: drawPage });
    const last = changes.at(-1);
    if (last === undefined) return;
    yield changes;
    after = { key: last.key, kind: last.kind };
  }
}

async function findKeys(deps: BatchDeps, keys: readonly string[]): Promise<PendingKey[]> {
  const members: PendingKey[] = [];
  const half = pageSize / kinds.length;
  const wanted = [...new Set(keys)];
  for (let start = 0; start < wanted.length; start += half) {
    const some = wanted.slice(start, start + half);
    const items = some.flatMap((key) => kinds.map((kind) => ({ key, kind })));
    const changes = await deps.cache.drawable({ selection: { items }, after: null, limit: items.length });
    const unknown = some.find((key) => !changes.some((change) => change.key === key));
    if (unknown !== undefined) throw new AppFailure('not-found', `No change of ${unknown} is pending.`, { key: unknown });
    members.push(...changes.map(({ key, kind }) => ({ key, kind })));
  }
  return members;
}

/** What other open batches hold, and what was pushed after the snapshot was taken and only looks pending. */
async function findTaken(deps: BatchDeps, takenAt: string): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const batch of await deps.ledger.batches()) {
    const runs = isBatchOpen(batch.state) ? [] : await deps.ledger.runs(batch.id);
    const isPushedSince = runs.some(({ startedAt, endedAt }) => (endedAt ?? startedAt) >= takenAt);
    if (isBatchOpen(batch.state)) await addMembers(deps, batch.id, taken);
    else if (isPushedSince) await addDone(deps, batch.id, taken);
  }
  return taken;
}

async function addMembers(deps: BatchDeps, batchId: string, taken: Set<string>): Promise<void> {
  let after: PendingKey | null = null;
  for (;;) {
    const items: PendingKey[] = await deps.ledger.members(batchId, after, pageSize);
    for (const item of items) taken.add(nameOf(item));
    after = items.at(-1) ?? null;
    if (after === null) return;
  }
}

async function addDone(deps: BatchDeps, batchId: string, taken: Set<string>): Promise<void> {
  for (const outcome of ['succeeded', 'skipped'] as const) {
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<BatchDeps['ledger']['outcomes']>> = await deps.ledger.outcomes({ batchId, outcome, code: null, chunk: null, after, limit: pageSize });
      for (const { key, operation } of page.items) taken.add(nameOf({ key, kind: operation }));
      after = page.next;
    } while (after !== null);
  }
}

function nameOf({ key, kind }: PendingKey): string {
  return `${kind}\0${key}`;
}

function emptyBecause(draw: Draw): string {
  if (draw.by === 'all-approved') return 'No approved change is free for a new batch. Approve changes first; those in other open batches and those just pushed are left out.';
  return draw.by === 'pilot' ? 'No pending change can be drawn: all are blocked, held, excluded or in other open batches.' : 'No pending change matches.';
}
