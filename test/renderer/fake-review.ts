import type { CallInput, CallOutput } from '../../shared/contract.ts';
import type { DecisionState, PendingDetail, PendingItem, PendingKey } from '../../shared/domain/pending-change.ts';
import type { Comment } from '../../shared/domain/review.ts';
import type { Selection } from '../../shared/domain/selection.ts';
import { nextMark } from '../../electron/core/review/review-marks.ts';
import { failure, type FakeState } from './fake-client.ts';

interface Decided {
  decision: DecisionState;
  reason: string | null;
  /** Fields that are left out. */
  without: Readonly<Record<string, { by: string; at: string; reason: string | null }>>;
}

interface Step {
  undoId: string;
  label: string;
  actor: string;
  at: string;
  isUndone: boolean;
  before: Map<string, Decided>;
  after: Map<string, Decided>;
}

/** What people have decided, said and left out. */
export interface FakeReview {
  decided: Map<string, Decided>;
  steps: Step[];
  comments: Map<string, Comment[]>;
}

const undecided: Decided = { decision: 'none', reason: null, without: {} };

function idOf(item: PendingKey): string {
  return `${item.kind} ${item.key}`;
}

function records(count: number): string {
  return `${count} ${count === 1 ? 'record' : 'records'}`;
}

/** A pending change as it stands after what was decided and said about it. */
export function withReview<T extends PendingItem | PendingDetail>(item: T, state: FakeState): T {
  const { decision, reason, without } = state.review.decided.get(idOf(item)) ?? undecided;
  const known = { ...item, decision, without: Object.keys(without), mark: state.marks.get(idOf(item)) ?? 'unseen' };
  if (!('fields' in item)) return known;
  const by = decision === 'none' ? null : state.identity;
  return { ...known, decisionReason: reason, decisionBy: by, comments: state.review.comments.get(idOf(item)) ?? [], fields: item.fields.map((field) => ({ ...field, excluded: without[field.field] ?? null })) };
}

export interface FakeLists {
  selected(selection: Selection): PendingItem[];
  list(input: { filter?: string | undefined; opened?: string | undefined }): PendingItem[];
}

/** The calls of a review: deciding, undoing, leaving fields out, commenting, and finding a row. */
export function reviewDoubles(state: FakeState, { selected, list }: FakeLists) {
  const { review } = state;
  const take = (label: string, items: readonly PendingItem[], change: (now: Decided) => Decided) => {
    const before = new Map(items.map((item) => [idOf(item), review.decided.get(idOf(item)) ?? undecided]));
    const after = new Map([...before].map(([id, now]) => [id, change(now)]));
    const undoId = `step-${review.steps.length + 1}`;
    review.steps.push({ undoId, label, actor: state.identity, at: '2026-11-23T09:41:00.000Z', isUndone: false, before, after });
    for (const [id, now] of after) review.decided.set(id, now);
    state.emit('decisions.changed', { label });
    return { decided: items.length, undoId, label };
  };
  const turn = (redoes: boolean, undoId: string | undefined) => {
    const step = undoId === undefined ? review.steps.findLast((one) => one.isUndone === redoes) : review.steps.find((one) => one.undoId === undoId);
    if (!step) throw failure('refused', `There is nothing to ${redoes ? 'redo' : 'undo'}.`, 'nothing-to-do');
    // The core too takes an undo back when it is named.
    const wasUndone = step.isUndone;
    step.isUndone = !wasUndone;
    for (const [id, now] of wasUndone ? step.after : step.before) review.decided.set(id, now);
    const label = `${wasUndone ? 'Redid' : 'Undid'}: ${step.label}`;
    state.emit('decisions.changed', { label });
    return { undone: step.before.size, undoId: step.undoId, label };
  };
  const expected = (items: readonly PendingItem[], expect: number | undefined) => {
    if (expect !== undefined && expect !== items.length) throw failure('refused', `You were told of ${records(expect)}; there are ${records(items.length)} now.`, 'selection-changed', { expected: expect, found: items.length });
  };
  return {
    'pending.decide': (input: CallInput<'pending.decide'>): CallOutput<'pending.decide'> => {
      const wanted = selected(input.selection as Selection);
      expected(wanted, input.expect);
      const items = input.decision === 'approve' ? wanted.filter((item) => item.blockers === 0) : wanted;
      if (items.length === 0) throw failure('refused', 'Every selected record has a blocker.', 'blockers');
      const verb = { approve: 'Approved', hold: 'Held', exclude: 'Excluded' }[input.decision];
      return { ...take(`${verb} ${records(items.length)}`, items, (now) => ({ ...now, decision: input.decision, reason: input.reason ?? null })), blocked: wanted.length - items.length };
    },
    'decision.undo': ({ undoId }: CallInput<'decision.undo'>): CallOutput<'decision.undo'> => turn(false, undoId),
    'decision.redo': ({ undoId }: CallInput<'decision.redo'>): CallOutput<'decision.redo'> => turn(true, undoId),
    'decision.steps': (): CallOutput<'decision.steps'> => ({ steps: review.steps.toReversed().map(({ undoId, label, actor, at, isUndone }) => ({ undoId, label, actor, at, isUndone, isUndo: false })) }),
    'pending.mark': ({ item, mark }: CallInput<'pending.mark'>) => {
      const next = nextMark(state.marks.get(idOf(item)) ?? 'unseen', mark);
      state.marks.set(idOf(item), next);
      state.emit('review.changed', { what: 'mark' });
      return { mark: next };
    },
    'pending.excludeField': (input: CallInput<'pending.excludeField'>): CallOutput<'pending.excludeField'> => {
      const items = selected(input.selection as Selection);
      expected(items, input.expect);
      const at = { by: state.identity, at: '2026-11-23T09:40:00.000Z', reason: input.reason ?? null };
      const change = (now: Decided): Decided => {
        const { [input.field]: _was, ...rest } = now.without;
        return { ...now, without: input.isExcluded ? { ...rest, [input.field]: at } : rest };
      };
      return take(`${input.isExcluded ? 'Left out' : 'Took in again'} ${input.field} of ${records(items.length)}`, items, change);
    },
    'comment.add': ({ item, text }: CallInput<'comment.add'>): CallOutput<'comment.add'> => {
      const known = review.comments.get(idOf(item)) ?? [];
      const comment = { seq: 500 + known.length, at: '2026-11-23T09:42:00.000Z', actor: state.identity, text, isAboutThis: true };
      review.comments.set(idOf(item), [...known, comment]);
      state.emit('review.changed', { what: 'comment' });
      return comment;
    },
    'pending.locate': (input: CallInput<'pending.locate'>): CallOutput<'pending.locate'> => {
      if ((input.filter ?? '') === '' && input.item.key.startsWith('p-')) return { index: Number(input.item.key.slice(2)) };
      const index = list(input).findIndex((item) => idOf(item) === idOf(input.item));
      return { index: index === -1 ? null : index };
    },
    'pending.find': (input: CallInput<'pending.find'>): CallOutput<'pending.find'> => {
      const items = list(input);
      const isHit = (item: PendingItem) => (item.name ?? '').toLowerCase().startsWith(input.prefix.toLowerCase());
      const ahead = items.findIndex((item, index) => index >= (input.from ?? 0) && isHit(item));
      const index = ahead === -1 ? items.findIndex(isHit) : ahead;
      return { index: index === -1 ? null : index };
    },
    'records.runs': ({ key }: CallInput<'records.runs'>): CallOutput<'records.runs'> => ({
      runs: key.endsWith('0') ? [{ runId: '29', batchId: 'B-0', batchName: 'Pilot 1', at: '2026-11-20T14:05:00.000Z', kind: 'update', outcome: 'failed', code: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access to this record', salesforceId: 'a1B5f0000000000000', before: { Address__c: '1000 Kennedy St' }, sent: { Address__c: '1000 Kennedy Street' } }] : [],
    }),
  };
}
