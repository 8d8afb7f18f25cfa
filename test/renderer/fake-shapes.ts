import type { CallInput, CallOutput } from '../../shared/contract.ts';
import { upperBound } from '../../shared/domain/coverage.ts';
import type { FilterTerm } from '../../shared/domain/filter.ts';
import type { PendingDetail, PendingItem } from '../../shared/domain/pending-change.ts';
import type { SavedView } from '../../shared/domain/review.ts';
import { shapeFilter, type Sample, type Shape } from '../../shared/domain/shape.ts';
import { failure, type FakeState } from './fake-client.ts';
import { detailOf, testMapping } from './made-up-changes.ts';
import { shapeFieldsOf } from './made-up-shapes.ts';

interface Draw {
  id: string;
  filter: string;
  size: number;
  keys: ReadonlySet<string>;
}

/** Draws and saved views. */
export interface FakeShapes {
  draws: Draw[];
  views: SavedView[];
}

const transitions = new Map<string, string[]>();

function known(item: PendingItem): PendingDetail {
  return detailOf(Number(item.key.slice(2)));
}

/** `FIELD:TRANSITION` of every change. */
export function transitionsOf(item: PendingItem): string[] {
  const own = transitions.get(item.key) ?? shapeFieldsOf(known(item).fields).map(({ field, transition }) => `${field}:${transition}`);
  transitions.set(item.key, own);
  return own;
}

/** What the last refresh did with a change: 12 were added and 41 changed. */
export function sinceOf(item: PendingItem): 'added' | 'changed' | null {
  const index = Number(item.key.slice(2));
  if (item.kind === 'create') return index < 108 ? 'added' : null;
  return index < 46 ? 'changed' : null;
}

/** Whether an approval fell away with the old content. */
export function hasFallen(item: PendingItem): boolean {
  return sinceOf(item) === 'changed' && Number(item.key.slice(2)) % 4 === 0;
}

function textOf(value: unknown): string {
  return value === null ? '' : value === true ? 'TRUE' : value === false ? 'FALSE' : String(value);
}

/** Whether a change matches a term that needs more of it than a row shows. */
export function matchesMore(item: PendingItem, { name, value }: FilterTerm, draws: readonly Draw[]): boolean {
  if (name === 'shape') return item.shape === value;
  if (name === 'transition') return transitionsOf(item).includes(value);
  if (name === 'sample') return draws.some((draw) => draw.id === value && draw.keys.has(item.key));
  if (name === 'since') return sinceOf(item) === value;
  if (name === 'fallen') return value === 'approve' && hasFallen(item);
  if (name === 'before' || name === 'after') {
    const [field = '', ...rest] = value.split('=');
    return textOf(known(item).fields.find((one) => one.field === field)?.[name] ?? null) === rest.join('=');
  }
  return true;
}

/** The calls about change shapes, draws, summaries and saved views. */
export function shapeDoubles(state: FakeState, all: (filter: string) => PendingItem[]) {
  const { draws, views } = state.shapes;
  const shapeOf = (id: string, items: readonly PendingItem[]): Shape => {
    const first = items[0];
    if (!first) throw failure('not-found', `There is no change shape ${id} in this snapshot.`);
    const count = (test: (item: PendingItem) => boolean) => items.filter(test).length;
    return {
      id,
      kind: first.kind,
      priority: first.priority,
      isMulti: first.memberCount > 1,
      fields: shapeFieldsOf(known(first).fields),
      count: items.length,
      outliers: count((item) => item.isOutlier),
      viewed: count((item) => item.mark !== 'unseen'),
      flagged: count((item) => item.mark === 'flagged'),
      blocked: count((item) => item.blockers > 0),
      decided: { none: count((item) => item.decision === 'none'), approve: count((item) => item.decision === 'approve'), hold: count((item) => item.decision === 'hold'), exclude: count((item) => item.decision === 'exclude') },
    };
  };
  const grouped = (items: readonly PendingItem[]): Map<string, PendingItem[]> => Map.groupBy(items, (item) => item.shape);
  const sampleOf = (filter: string): Sample | null => {
    const draw = draws.findLast((one) => one.filter === filter);
    if (!draw) return null;
    const population = all(filter);
    const members = population.filter((item) => draw.keys.has(item.key));
    const viewed = members.filter((item) => item.mark !== 'unseen').length;
    const wrong = members.filter((item) => item.mark === 'flagged' || item.decision === 'hold' || item.decision === 'exclude').length;
    const bound = viewed < members.length ? null : upperBound({ drawn: members.length, wrong, population: population.length });
    return { id: draw.id, filter, seed: 'd1ce', size: draw.size, population: population.length, drawn: members.length, viewed, wrong, bound, by: state.identity, at: '2026-11-23T09:43:00.000Z' };
  };
  return {
    'shapes.list': ({ filter = '' }: CallInput<'shapes.list'>): CallOutput<'shapes.list'> => {
      const items = all(filter);
      return { records: items.length, shapes: [...grouped(items)].map(([id, own]) => shapeOf(id, own)) };
    },
    'shapes.show': ({ id }: CallInput<'shapes.show'>): CallOutput<'shapes.show'> => {
      const items = all(shapeFilter(id));
      const shape = shapeOf(id, items);
      const examples = shape.fields.map(({ field }) => {
        const values = items.map((item) => known(item).fields.find((one) => one.field === field));
        const after = values.map((one) => one?.after ?? null).sort();
        const first = values[0];
        return { field, before: first?.before ?? null, after: first?.after ?? null, least: after[0] ?? null, most: after.at(-1) ?? null };
      });
      const outlierRecords = items.filter((item) => item.isOutlier).slice(0, 100).map(({ key, kind, name, checks }) => ({ key, kind, name, reasons: checks.map((check) => ({ reason: 'check' as const, check, count: shape.outliers })) }));
      return { ...shape, examples, outlierRecords, sample: sampleOf(shapeFilter(id, true)) };
    },
    'samples.show': ({ filter }: CallInput<'samples.show'>): CallOutput<'samples.show'> => ({ sample: sampleOf(filter) }),
    'samples.draw': ({ filter, size }: CallInput<'samples.draw'>): Sample => {
      draws.push({ id: `D-${draws.length + 1}`, filter, size, keys: new Set(all(filter).slice(0, size).map((item) => item.key)) });
      state.emit('review.changed', { what: 'sample' });
      return sampleOf(filter) as Sample;
    },
    'pending.summary': ({ filter = '' }: CallInput<'pending.summary'>): CallOutput<'pending.summary'> => {
      const items = all(filter);
      const changes = items.flatMap((item) => shapeFieldsOf(known(item).fields));
      const fields = testMapping.fields.map(({ field, label, type, rule }) => {
        const own = Map.groupBy(changes.filter((change) => change.field === field), (change) => change.transition);
        const transitions = [...own].map(([transition, list]) => ({ transition, count: list.length }));
        return { field, label, type, rule, count: transitions.reduce((sum, one) => sum + one.count, 0), transitions };
      });
      const contributors = ['1', '2', '3', '4', '5+'].map((value) => ({ value, count: items.filter((item) => (value === '5+' ? item.contributorCount >= 5 : item.contributorCount === Number(value))).length }));
      return { records: items.length, fields, contributors };
    },
    'pending.values': ({ filter = '', field, limit = 10 }: CallInput<'pending.values'>): CallOutput<'pending.values'> => {
      const pairs = Map.groupBy(
        all(filter).filter((item) => item.changedFields.includes(field)).map((item) => known(item).fields.find((one) => one.field === field)),
        (one) => `${textOf(one?.before)}\0${textOf(one?.after)}`,
      );
      const top = [...pairs.values()].map((same) => ({ before: same[0]?.before ?? null, after: same[0]?.after ?? null, count: same.length })).sort((a, b) => b.count - a.count);
      return { field, records: top.reduce((sum, pair) => sum + pair.count, 0), pairs: top.length, top: top.slice(0, limit) };
    },
    'snapshot.sinceLast': (input: CallInput<'snapshot.sinceLast'>): CallOutput<'snapshot.sinceLast'> => {
      const wanted = input.state ?? 'added';
      const total = { added: 12, changed: 41, removed: 0 }[wanted];
      const from = Number(input.after ?? '0');
      const items = all('').filter((item) => sinceOf(item) === wanted).slice(from, from + (input.limit ?? 200));
      return {
        total,
        items: items.map((item, index) => ({
          key: item.key,
          kind: item.kind,
          name: item.name,
          state: wanted,
          fields: wanted !== 'changed' ? [] : [{ field: 'Address__c', label: 'Address', was: '1000 Kennedy St', now: '1000 Kennedy Street', part: (['proposed', 'salesforce', 'contributors'] as const)[index % 3] ?? 'proposed' }],
          fallen: hasFallen(item) ? { decision: 'approve' as const, by: 'Admin B', at: '2026-11-20T10:12:00.000Z', reason: index === 0 ? 'Checked against the lease' : null } : null,
        })),
        next: from + items.length < total ? String(from + items.length) : null,
      };
    },
    'savedViews.list': (): CallOutput<'savedViews.list'> => ({ views }),
    'savedViews.save': ({ name, address }: CallInput<'savedViews.save'>): SavedView => {
      const view = { name: name.trim(), address, by: state.identity, at: '2026-11-23T09:44:00.000Z' };
      const at = views.findIndex((one) => one.name === view.name);
      if (at === -1) views.push(view);
      else views[at] = view;
      state.emit('review.changed', { what: 'saved-view' });
      return view;
    },
    'savedViews.delete': ({ name }: CallInput<'savedViews.delete'>) => {
      views.splice(views.findIndex((one) => one.name === name), 1);
      state.emit('review.changed', { what: 'saved-view' });
      return {};
    },
  };
}
