import type { CallInput, CallName, CallOutput, EventName } from '../../shared/contract.ts';
import { endpointOf } from '../../shared/contract.ts';
import { parseFilter, type FilterTerm } from '../../shared/domain/filter.ts';
import type { PendingDetail, PendingItem } from '../../shared/domain/pending-change.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { viewNames, type Anchor } from '../../shared/domain/warehouse.ts';
import type { ReviewMark } from '../../shared/domain/review.ts';
import type { Selection } from '../../shared/domain/selection.ts';
import { CallFailure, type CancelSignal, type Client } from '../../shared/transport.ts';
import { approvalDoubles } from './fake-approvals.ts';
import { batchDoubles } from './fake-batches.ts';
import { facetsOf } from './fake-facets.ts';
import { reviewDoubles, withReview, type FakeReview } from './fake-review.ts';
import type { RunScene } from './fake-runs.ts';
import { matchesMore, shapeDoubles, type FakeShapes } from './fake-shapes.ts';
import { auditDoubles, checkResults, infoOf, settingsOf } from './fake-answers.ts';
import { warehouseDoubles } from './fake-warehouse.ts';
import { textAsIs, whatIfDoubles } from './fake-what-if.ts';
import { detailOf, itemOf } from './made-up-changes.ts';

export interface FakeState {
  total: number;
  marks: Map<string, ReviewMark>;
  review: FakeReview;
  shapes: FakeShapes;
  identity: string;
  paused: { by: string; at: string; reason: string } | null;
  hasSnapshot: boolean;
  readOnly: boolean;
  environment: 'production' | 'sandbox' | 'simulated';
  warehouse: 'embedded' | 'databricks';
  /** False: the warehouse refuses two things. */
  isGranted: boolean;
  /** True: the warehouse starts and starts. */
  isSlow: boolean;
  hasToken: boolean;
  audit: 'copied' | 'none' | 'failing' | 'fork' | 'truncated';
  anchored: Anchor | null;
  policy: Policy;
  /** A batch with a run in this state is there from the start. */
  scene: RunScene | null;
  emit: (name: EventName, payload: unknown) => void;
}

type Handlers = { [N in CallName]?: (input: never, signal?: CancelSignal) => unknown };

function idOf(item: { key: string; kind: string }): string {
  return `${item.kind} ${item.key}`;
}

function matches(item: PendingItem, terms: readonly FilterTerm[], shapes: FakeShapes): boolean {
  const holds = (term: FilterTerm): boolean => {
    switch (term.name) {
      case 'kind':
      case 'priority':
      case 'decision':
      case 'company':
      case 'state':
      case 'key':
        return item[term.name] === term.value;
      case 'field':
        return item.changedFields.includes(term.value);
      case 'check':
        return item.checks.includes(term.value);
      case 'severity':
        return term.value === 'blocker' ? item.blockers > 0 : term.value === 'warning' ? item.warnings > 0 : item.checks.length === 0;
      case 'multi':
        return String(item.memberCount > 1) === term.value;
      case 'text':
      case 'name':
        return `${item.name} ${item.key}`.toLowerCase().includes(term.value.toLowerCase());
      case 'viewed':
        return String(item.mark !== 'unseen') === term.value;
      case 'progress':
        return item.mark === term.value;
      case 'contributors':
        return term.value.endsWith('+') ? item.contributorCount >= Number.parseInt(term.value, 10) : item.contributorCount === Number(term.value);
      case 'outlier':
        return String(item.isOutlier) === term.value;
      case 'without':
        return item.without.includes(term.value);
      default:
        return matchesMore(item, term, shapes.draws);
    }
  };
  const byName = new Map<string, FilterTerm[]>();
  for (const term of terms) byName.set(`${term.negated}${term.name}`, [...(byName.get(`${term.negated}${term.name}`) ?? []), term]);
  return [...byName.values()].every((group) => (group[0]?.negated === true ? !group.some(holds) : group.some(holds)));
}

/** An answer that breaks the contract fails loudly instead of being shown. */
function checkedOutput<N extends CallName>(name: N, output: unknown): CallOutput<N> {
  const endpoint = endpointOf(name);
  if (!endpoint) throw new Error(`no call ${name}`);
  return endpoint.output.parse(output) as CallOutput<N>;
}

/** Makes a failure as the core would send it. */
export function failure(code: 'refused' | 'not-found' | 'source-unavailable' | 'verification-failed', message: string, rule?: string, facts: object = {}): CallFailure {
  return new CallFailure({ code, message, details: rule === undefined ? { ...facts } : { rule, ...facts } });
}

/** A core in the page: made-up pending changes that can be decided, put into batches and pushed. */
export function createFakeClient(options: Partial<Pick<FakeState, 'total' | 'hasSnapshot' | 'readOnly' | 'environment' | 'warehouse' | 'isGranted' | 'isSlow' | 'audit' | 'scene'>> = {}): Client {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const state: FakeState = {
    total: 3_000,
    marks: new Map(),
    review: { decided: new Map(), steps: [], comments: new Map() },
    shapes: { draws: [], views: [] },
    identity: 'Admin A',
    paused: null,
    hasSnapshot: true,
    readOnly: false,
    environment: 'production',
    warehouse: 'embedded',
    isGranted: false,
    isSlow: false,
    hasToken: true,
    audit: 'copied',
    anchored: null,
    scene: null,
    policy: { approvals: 1, selfApproval: false, approvalHours: 24, bulkThreshold: 20_000, chunkSize: 200, pilotGate: true, auditBacklogLimit: 500, approverKeys: [], apiReserve: 1_000 },
    ...options,
    emit: (name, payload) => {
      for (const listener of listeners.get(name) ?? []) listener(payload as never);
    },
  };
  const withState = <T extends PendingItem | PendingDetail>(item: T): T => withReview(item, state);
  const made: PendingItem[] = [];
  const madeItem = (index: number): PendingItem => (made[index] ??= stripDetail(itemOf(index)));
  const all = (filter: string): PendingItem[] => {
    const parsed = parseFilter(filter);
    const items = Array.from({ length: Math.min(state.total, 5_000) }, (_, index) => withState(madeItem(index)));
    return parsed.ok ? items.filter((item) => matches(item, parsed.terms, state.shapes)) : items;
  };
  const openedLists = new Map<string, PendingItem[]>();
  const listOf = ({ filter = '', opened }: { filter?: string | undefined; opened?: string | undefined }): PendingItem[] => {
    if (opened === undefined) return all(filter);
    const list = openedLists.get(opened) ?? all(filter);
    openedLists.set(opened, list);
    return list.map(withState);
  };
  const selected = (selection: Selection): PendingItem[] => {
    if ('items' in selection) return selection.items.map((one) => withState(itemOf(Number(one.key.slice(2)))));
    const except = new Set((selection.except ?? []).map(idOf));
    return all(selection.filter).filter((item) => !except.has(idOf(item)));
  };
  const { refresh: refreshOf, ...warehouseCalls } = warehouseDoubles(state);
  const pageOf = (input: CallInput<'pending.page'>): CallOutput<'pending.page'> => {
    const { filter = '', offset = 0, limit = 100 } = input;
    if (filter === '') {
      const count = Math.max(0, Math.min(limit, state.total - offset));
      return { total: state.total, items: Array.from({ length: count }, (_, row) => withState(madeItem(offset + row))), next: null };
    }
    const found = listOf(input);
    return { total: found.length, items: found.slice(offset, offset + limit), next: null };
  };
  const reviewCalls = reviewDoubles(state, { selected, list: listOf });
  const handlers: Handlers = {
    'app.info': () => infoOf(state),
    'app.diagnostics': () => ({ versions: { countersign: '0.1.0' }, calls: [{ name: 'app.info', at: '2026-11-23T09:30:00.000Z', ms: 1.2, outcome: 'ok' }] }),
    'pending.page': pageOf,
    'pending.open': ({ item, pageSize, before, ...list }: CallInput<'pending.open'>) => {
      const { index } = item ? reviewCalls['pending.locate']({ ...list, item }) : { index: null };
      const firstPage = Math.floor(Math.max(0, (index ?? 0) - before) / pageSize);
      const pages = Array.from({ length: Math.floor((index ?? 0) / pageSize) - firstPage + 1 }, (_, step) => pageOf({ ...list, offset: (firstPage + step) * pageSize, limit: pageSize }));
      return { index, firstPage, pages };
    },
    'pending.facets': (input: CallInput<'pending.facets'>) => facetsOf(all, input.filter ?? '', state.total),
    'pending.show': (input: CallInput<'pending.show'>) => {
      const index = Number(input.key.slice(2));
      if (!input.key.startsWith('p-') || !(index < state.total)) throw failure('not-found', `No pending change has the key ${input.key}.`);
      return withState(detailOf(index));
    },
    'checks.list': () => checkResults(),
    'settings.get': () => settingsOf(state),
    'settings.savePolicy': (policy: Policy) => {
      state.policy = policy;
      state.emit('settings.changed', {});
      return {};
    },
    'status.metrics': () => ({
      metrics: Object.fromEntries(
        ['toCreate', 'toUpdate', 'p1Waiting', 'activeMissing', 'coverage', 'accuracyByRecord', 'accuracyByFlag', 'multiPropertyGroups', 'errorRateLastRun'].map((name) => [name, name === 'errorRateLastRun' ? { value: null, numerator: null, denominator: null, window: 'last run' } : { value: 0.93, numerator: 930, denominator: 1000, window: 'now' }]),
      ),
    }),
    'views.list': () => ({ views: viewNames.map((name) => ({ name, sql: textAsIs(name), words: 'ACTIVE properties not represented in product_property.\nOne row each.', hash: 'a'.repeat(64) })) }),
    'identity.switch': (input: CallInput<'identity.switch'>) => {
      state.identity = input.name;
      state.emit('settings.changed', {});
      return {};
    },
    'pushes.pause': (input: CallInput<'pushes.pause'>) => {
      state.paused = { by: state.identity, at: new Date().toISOString(), reason: input.reason };
      state.emit('pause.changed', { paused: true });
      return {};
    },
    'pushes.unpause': () => {
      state.paused = null;
      state.emit('pause.changed', { paused: false });
      return {};
    },
    'snapshot.refresh': async (_: object, signal?: CancelSignal) => {
      await refreshOf(signal);
      state.hasSnapshot = true;
      state.emit('snapshot.changed', { id: 'S-0001' });
      return infoOf(state).snapshot;
    },
    ...reviewCalls,
    ...shapeDoubles(state, all),
    ...warehouseCalls,
    ...whatIfDoubles(state),
    ...approvalDoubles(state),
    ...auditDoubles(state),
    ...batchDoubles(state, (draw) => (draw.by === 'pilot' ? all('').filter((item) => item.blockers === 0).slice(0, draw.creates + draw.updates) : all('decision:approve'))),
  };

  return {
    async call<N extends CallName>(name: N, input: CallInput<N>, signal?: CancelSignal): Promise<CallOutput<N>> {
      const handler = handlers[name];
      if (!handler) throw new Error(`the double does not know ${name}`);
      const output: unknown = await (handler as (input: unknown, signal?: CancelSignal) => unknown)(input, signal);
      return checkedOutput(name, output);
    },
    on(name, listener) {
      const known = listeners.get(name) ?? new Set();
      known.add(listener as (payload: never) => void);
      listeners.set(name, known);
      return () => known.delete(listener as (payload: never) => void);
    },
    onClose: () => undefined,
  };
}

function stripDetail(item: PendingItem): PendingItem {
  const { key, kind, priority, name, company, state, changedFields, firstChange, contributorCount, memberCount, checks, blockers, warnings, decision, mark, without, shape, isOutlier, contentHash } = item;
  return { key, kind, priority, name, company, state, changedFields, firstChange, contributorCount, memberCount, checks, blockers, warnings, decision, mark, without, shape, isOutlier, contentHash };
}
