import type { CallInput } from '../../shared/contract.ts';
import type { Batch, BatchDetail, Chunk, Draw, Run } from '../../shared/domain/batch.ts';
import type { OutcomeCounts } from '../../shared/domain/outcome.ts';
import type { PendingItem } from '../../shared/domain/pending-change.ts';
import { failure, type FakeState } from './fake-client.ts';
import { sceneChunks, sceneGroups, sceneOf, sceneOutcome } from './fake-runs.ts';

const planHash = '7f3a91c2e05bd4468c1a90ffb2d7716e4e5930ad1c7f0b2286a3d91e5f40c8b7';

interface HeldBatch {
  batch: Batch;
  members: PendingItem[];
  run: Run | null;
}

function countsOf(planned: number, done: number): OutcomeCounts {
  const failed = Math.min(4, done);
  const stale = done > 20 ? 2 : 0;
  return { planned, succeeded: done - failed - stale, failed, stale, skipped: 0, unknown: 0, notSent: planned - done };
}

function draftOf(state: FakeState, id: string, made: Pick<Batch, 'name' | 'draw' | 'creates' | 'updates'>): Batch {
  const isPilot = made.draw.by === 'pilot';
  return {
    ...made, id, state: 'draft', isPilot, strata: isPilot ? [{ name: 'P1', kind: 'create', drawn: 10, available: 100 }] : [], fields: null, planHash: null, snapshotId: 'S-0139', orgId: '00D5f000004aXyZ', orgName: 'Snappt',
    createdBy: state.identity, createdAt: '2026-11-23T09:40:00.000Z', submittedBy: null, submittedAt: null, approvalsNeeded: 1, approvals: [], expiresAt: null, rejectedBy: null, rejectedReason: null, overridePilotReason: null, runId: null, outcomes: null,
  };
}

/** The batch calls: drafts, approvals, and a push that leaves four failed and two stale. */
export function batchDoubles(state: FakeState, draw: (draw: Draw) => PendingItem[]) {
  const held = new Map<string, HeldBatch>();
  if (state.scene !== null) {
    const { batch, run, progress } = sceneOf(state.scene, draftOf(state, 'B-7', { name: 'Full 1', draw: { by: 'all-approved' }, creates: 0, updates: 0 }));
    const members = draw({ by: 'pilot', creates: 100, updates: 400, seed: '1' });
    held.set(batch.id, { batch, members, run });
    if (progress) window.setInterval(() => state.emit('run.progress', progress), 200);
  }
  const find = (id: string): HeldBatch => {
    const found = held.get(id);
    if (!found) throw failure('not-found', `There is no batch ${id}.`);
    return found;
  };
  const change = (id: string, part: Partial<Batch>): Batch => {
    const found = find(id);
    found.batch = { ...found.batch, ...part };
    state.emit('batches.changed', { id });
    return found.batch;
  };
  const chunksOf = ({ members, run }: HeldBatch): Chunk[] => {
    if (!run) return [];
    if (state.scene !== null) return sceneChunks(run);
    return Array.from({ length: Math.ceil(members.length / 25) }, (_, index) => ({ number: index + 1, operation: index === 0 ? 'create' : 'update', records: 25, state: index === 1 ? 'failed' : index === 2 ? 'stale' : 'done', jobId: null }));
  };
  const detailOf = (one: HeldBatch): BatchDetail => ({
    batch: one.batch,
    runs: one.run ? [one.run] : [],
    chunks: chunksOf(one),
    errorGroups: one.run && state.scene !== null ? sceneGroups(one.run) : one.run
      ? [
          { outcome: 'failed', code: 'UNABLE_TO_LOCK_ROW', count: 4, fields: [], message: 'unable to obtain exclusive access', retryable: true },
          { outcome: 'stale', code: 'CHANGED_SINCE_REVIEW', count: 2, fields: ['Address__c'], message: null, retryable: false },
        ]
      : [],
    preflight: [
      { id: 'org', state: 'passed', text: 'Org is Snappt, 00D5f000004aXyZ' },
      { id: 'staging', state: 'warning', text: '31 production ids have two staging records' },
      { id: 'api-budget', state: 'passed', text: 'The push needs about 12 API calls; 98796 of the day\'s 100000 are left, of which 1000 are kept for others.' },
      ...['Validation rules', 'Triggers', 'Flows'].map((text, index) => ({ id: `not-checked-${index + 1}`, state: 'not-checked' as const, text })),
    ],
    gates: [],
    timeline: [{ seq: 1, at: one.batch.createdAt, actor: one.batch.createdBy, type: 'batch.created', summary: `Made ${one.batch.name}` }],
    planStale: false,
  });
  const finish = (one: HeldBatch): Run => {
    const planned = one.members.length;
    if (state.scene === 'all-failed' && one.run) {
      change(one.batch.id, {});
      return one.run;
    }
    const counts = countsOf(planned, planned);
    one.run = { id: one.run?.id ?? '31', batchId: one.batch.id, state: 'completed-with-errors', mode: 'collections', why: null, startedBy: state.identity, startedAt: '2026-11-23T10:00:00.000Z', endedAt: '2026-11-23T10:00:20.000Z', counts, apiCalls: 12, writeCalls: 4, seconds: 20, retryOf: null, stopReason: null };
    change(one.batch.id, { state: 'completed-with-errors', runId: one.run.id, outcomes: counts });
    return one.run;
  };
  return {
    'batches.list': () => ({ batches: [...held.values()].map((one) => one.batch).reverse() }),
    'batches.show': (input: CallInput<'batches.show'>) => detailOf(find(input.id)),
    'batches.records': (input: CallInput<'batches.records'>) => {
      const one = find(input.id);
      const items = one.members.map((member, index) => {
        const outcome = one.run && state.scene !== null ? sceneOutcome(one.run.counts, index) : one.run ? (index < 4 ? 'failed' : index < 6 ? 'stale' : 'succeeded') : 'notSent';
        return { key: member.key, operation: member.kind, name: member.name, outcome, code: outcome === 'failed' ? 'UNABLE_TO_LOCK_ROW' : outcome === 'stale' ? 'CHANGED_SINCE_REVIEW' : null, message: outcome === 'failed' ? 'unable to obtain exclusive access' : null, fields: [], salesforceId: null, attempts: one.run ? 1 : 0, chunk: 1, before: null, after: { Name: member.name }, now: null };
      });
      const matching = items.filter((item) => (input.outcome === undefined || item.outcome === input.outcome) && (input.code === undefined || item.code === input.code));
      return { total: matching.length, items: matching.slice(0, input.limit ?? 200), next: null };
    },
    'batch.create': (input: CallInput<'batch.create'>) => {
      const wanted = input.draw.by === 'keys' ? new Set(input.draw.keys) : null;
      const members = wanted ? [...held.values()].flatMap((one) => one.members).filter((member) => wanted.has(member.key)) : draw(input.draw as Draw);
      if (members.length === 0) throw failure('refused', 'Nothing is approved.', 'nothing-to-do');
      const id = `B-${held.size + 1}`;
      const creates = members.filter((member) => member.kind === 'create').length;
      const batch = draftOf(state, id, { name: input.name, draw: input.draw as Draw, creates, updates: members.length - creates });
      held.set(id, { batch, members, run: null });
      state.emit('batches.changed', { id });
      return batch;
    },
    'batch.rename': (input: CallInput<'batch.rename'>) => change(input.id, { name: input.name }),
    'batch.delete': (input: CallInput<'batch.delete'>) => {
      held.delete(input.id);
      state.emit('batches.changed', { id: input.id });
      return {};
    },
    'batch.submit': (input: CallInput<'batch.submit'>) => change(input.id, { state: 'submitted', planHash, fields: 312, submittedBy: state.identity, submittedAt: '2026-11-23T09:41:00.000Z' }),
    'batch.approve': (input: CallInput<'batch.approve'>) => {
      if (find(input.id).batch.submittedBy === state.identity) throw failure('refused', 'You proposed this batch.', 'self-approval');
      const expiresAt = '2026-11-24T09:42:00.000Z';
      return change(input.id, { state: 'approved', approvals: [{ by: state.identity, at: '2026-11-23T09:42:00.000Z', planHash, expiresAt, note: input.note ?? null }], expiresAt });
    },
    'batch.reject': (input: CallInput<'batch.reject'>) => change(input.id, { state: 'rejected', rejectedBy: state.identity, rejectedReason: input.reason }),
    'batch.withdraw': (input: CallInput<'batch.withdraw'>) => change(input.id, { state: 'draft', planHash: null }),
    'batch.push': (input: CallInput<'batch.push'>) => {
      const one = find(input.id);
      if (state.paused) throw failure('refused', `Pushes are paused: ${state.paused.reason}`, 'paused');
      return finish(one);
    },
    'batch.retry': (input: CallInput<'batch.retry'>) => finish(find(input.id)),
    'run.abandon': (input: CallInput<'run.abandon'>) => {
      const one = [...held.values()].find(({ run }) => run?.id === input.runId) ?? find('none');
      if (!one.run) throw failure('not-found', `There is no run ${input.runId}.`);
      one.run = { ...one.run, state: 'abandoned', stopReason: { code: 'abandoned', message: `The run was abandoned by ${state.identity}: ${input.reason}` } };
      change(one.batch.id, { state: 'aborted' });
      return one.run;
    },
    'run.resume': () => finish([...held.values()][0] ?? find('none')),
    'run.stop': () => ({}),
  };
}
