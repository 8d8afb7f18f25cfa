import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import type { LedgerStore } from '../../../../electron/adapters/sqlite/ledger/ledger-store.ts';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import { choose, openStore, temporaryFolder, writePending } from './temporary-ledger.ts';

const keys = ['a', 'b', 'c'] as const;
const fields = ['City__c', 'Zip__c'] as const;
const decisions = ['approve', 'hold', 'exclude'] as const;
const actors = ['ann', 'bob'] as const;
type Key = (typeof keys)[number];

/** What stands in one place; two are the same only when they are the same object. */
interface Word {
  value: string;
  hash: string;
}

interface Step {
  id: string;
  actor: string;
  /** Per place: what stood before, and what the step made of it. */
  made: Map<string, { before: Word | null; after: Word | null }>;
  isUndone: boolean;
  /** Who undid it last, when, and where. */
  undone: { by: string; order: number; places: string[] } | null;
}

/** What undo and redo mean, said with objects: a step takes back its own words, wherever they still stand. */
class Model {
  readonly standing = new Map<string, Word | null>();
  readonly hashes = new Map<Key, number>(keys.map((key) => [key, 0]));
  readonly steps: Step[] = [];
  order = 0;

  hashOf(key: Key): string {
    return `${key}-${this.hashes.get(key)}`;
  }
  at(place: string): Word | null {
    return this.standing.get(place) ?? null;
  }
  inForce(place: string): Word | null {
    const word = this.at(place);
    return word?.hash === this.hashOf(place[0] as Key) ? word : null;
  }
  make(id: string, actor: string, words: Map<string, Word | null>): void {
    this.steps.push({ id, actor, made: new Map([...words].map(([place, after]) => [place, { before: this.at(place), after }])), isUndone: false, undone: null });
    for (const [place, word] of words) this.standing.set(place, word);
  }
  undo(step: Step | undefined, by: string): number {
    if (!step || step.isUndone) return 0;
    const places = [...step.made].flatMap(([place, { after }]) => (this.at(place) === after ? [place] : []));
    if (places.length === 0) return 0;
    for (const place of places) this.standing.set(place, step.made.get(place)?.before ?? null);
    step.isUndone = true;
    step.undone = { by, order: (this.order += 1), places };
    return places.length;
  }
  redo(step: Step | undefined): number {
    if (!step?.isUndone || !step.undone) return 0;
    const places = step.undone.places.filter((place) => {
      const made = step.made.get(place);
      return made && this.at(place) === made.before && (made.after === null || made.after.hash === this.hashOf(place[0] as Key));
    });
    if (places.length === 0) return 0;
    for (const place of places) this.standing.set(place, step.made.get(place)?.after ?? null);
    step.isUndone = false;
    return places.length;
  }
  newestOf(actor: string): Step | undefined {
    return this.steps.findLast((step) => step.actor === actor && !step.isUndone);
  }
  newestUndoneBy(actor: string): Step | undefined {
    return this.steps.filter(({ isUndone, undone }) => isUndone && undone?.by === actor).toSorted((one, other) => (one.undone?.order ?? 0) - (other.undone?.order ?? 0)).at(-1);
  }
}

const chosen = fc.subarray([...keys], { minLength: 1 });
const actionArb = fc.oneof(
  fc.record({ do: fc.constant('decide' as const), keys: chosen, decision: fc.constantFrom(...decisions), actor: fc.constantFrom(...actors) }),
  fc.record({ do: fc.constant('field' as const), keys: chosen, field: fc.constantFrom(...fields), isExcluded: fc.boolean(), actor: fc.constantFrom(...actors) }),
  fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const), step: fc.option(fc.nat(8)), actor: fc.constantFrom(...actors) }),
  fc.record({ do: fc.constant('refresh' as const), key: fc.constantFrom(...keys) }),
);

type Action = typeof actionArb extends fc.Arbitrary<infer T> ? T : never;

function counted(work: () => { undone: number }): number {
  try {
    return work().undone;
  } catch (error) {
    if (error instanceof AppFailure && error.error.details['rule'] === 'nothing-to-do') return 0;
    throw error;
  }
}

function pend(folder: string, model: Model): void {
  writePending(folder, keys.map((key) => ({ key, hash: model.hashOf(key), fields: ['City__c', 'Zip__c', 'State__c'] })));
}

/** What is in force, read from the ledger as a reader does. */
function readInForce(folder: string): Record<string, string> {
  const db = openDatabase(`${folder}/ledger.db`, { readonly: true, durability: 'full' });
  db.prepare('ATTACH ? AS cache').run(`${folder}/cache.db`);
  const same = (row: string) => `JOIN cache.pending p ON p.key = ${row}.key AND p.kind = ${row}.kind AND p.content_hash = ${row}.content_hash`;
  const rows = db.prepare(`SELECT d.key AS place, d.decision AS value FROM decision d ${same('d')} UNION ALL SELECT x.key || ' ' || x.field, 'left out' FROM field_exclusion x ${same('x')} ORDER BY 1`).all() as { place: string; value: string }[];
  db.close();
  return Object.fromEntries(rows.map(({ place, value }) => [place, value]));
}

function act(store: LedgerStore, folder: string, model: Model, action: Action): void {
  switch (action.do) {
    case 'refresh':
      model.hashes.set(action.key, (model.hashes.get(action.key) ?? 0) + 1);
      return pend(folder, model);
    case 'decide': {
      const { undoId } = store.decide({ selection: { items: action.keys.map((key) => ({ key, kind: 'update' })) }, decision: action.decision, reason: null, actor: action.actor });
      return model.make(undoId, action.actor, new Map(action.keys.map((key) => [key, { value: action.decision, hash: model.hashOf(key) }])));
    }
    case 'field': {
      const places = action.keys.filter((key) => (model.inForce(`${key} ${action.field}`) === null) === action.isExcluded);
      let undoId = '';
      const decided = counted(() => {
        const done = store.excludeField({ selection: { items: action.keys.map((key) => ({ key, kind: 'update' })) }, field: action.field, isExcluded: action.isExcluded, reason: null, actor: action.actor });
        undoId = done.undoId;
        return { undone: done.decided };
      });
      expect(decided).toBe(places.length);
      if (places.length > 0) model.make(undoId, action.actor, new Map(places.map((key) => [`${key} ${action.field}`, action.isExcluded ? { value: 'left out', hash: model.hashOf(key) } : null])));
      return;
    }
    default: {
      const named = action.step === null ? undefined : model.steps[action.step];
      if (action.step !== null && named === undefined) return;
      const input = { undoId: named?.id ?? null, actor: action.actor };
      if (action.do === 'undo') expect(counted(() => store.undo(input))).toBe(model.undo(named ?? model.newestOf(action.actor), action.actor));
      else expect(counted(() => store.redo(input))).toBe(model.redo(named ?? model.newestUndoneBy(action.actor)));
    }
  }
}

test('any order of deciding, leaving fields out, undoing, redoing and new content gives what a model of objects gives', () => {
  fc.assert(
    fc.property(fc.array(actionArb, { minLength: 1, maxLength: 25 }), (actions) => {
      const folder = temporaryFolder();
      const store = openStore(folder);
      const model = new Model();
      pend(folder, model);
      for (const action of actions) {
        act(store, folder, model, action);
        const inForce = Object.fromEntries([...model.standing.keys()].toSorted().flatMap((place) => (model.inForce(place) === null ? [] : [[place, model.inForce(place)?.value]])));
        expect(readInForce(folder)).toEqual(inForce);
        expect(store.decisionSteps(200).filter(({ isUndo }) => !isUndo).map(({ undoId, isUndone }) => [undoId, isUndone])).toEqual(model.steps.toReversed().map(({ id, isUndone }) => [id, isUndone]));
      }
      expect(store.verify().ok).toBe(true);
      store.close();
    }),
    { numRuns: 60 },
  );
});

test('a new decision after an undo leaves the older step to be redone where nobody has decided since', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  const model = new Model();
  pend(folder, model);
  const { undoId } = store.decide({ selection: { filter: '', except: [] }, chosen: choose(folder), decision: 'approve', reason: null, actor: 'ann' });
  store.undo({ undoId: null, actor: 'ann' });
  store.decide({ selection: { items: [{ key: 'b', kind: 'update' }] }, decision: 'hold', reason: null, actor: 'ann' });
  expect(store.redo({ undoId: null, actor: 'ann' })).toMatchObject({ undone: 2, label: 'Redid: Approved 3 records (2 of 3)' });
  expect(readInForce(folder)).toEqual({ a: 'approve', b: 'hold', c: 'approve' });
  expect(store.undo({ undoId, actor: 'bob' })).toMatchObject({ undone: 2 });
  expect(() => store.redo({ undoId: null, actor: 'ann' }), 'bob undid it, so that it is not for ann to redo without naming it').toThrow(/no undo of yours/u);
  expect(store.redo({ undoId, actor: 'ann' })).toMatchObject({ undone: 2 });
});

test('undo takes back all that stands of a step, also what a redo in between did not bring', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  pend(folder, new Model());
  const items = (...named: Key[]) => ({ items: named.map((key) => ({ key, kind: 'update' as const })) });
  const step = (given: Key[], decision: 'approve' | 'hold') => store.decide({ selection: items(...given), decision, reason: null, actor: 'ann' }).undoId;
  const [first, second] = [step(['a', 'b'], 'approve'), step(['b'], 'hold')];
  store.undo({ undoId: first, actor: 'ann' });
  store.undo({ undoId: second, actor: 'ann' });
  store.redo({ undoId: first, actor: 'ann' });
  expect(readInForce(folder)).toEqual({ a: 'approve', b: 'approve' });
  expect(store.undo({ undoId: first, actor: 'ann' })).toMatchObject({ undone: 2, label: 'Undid: Approved 2 records' });
  expect(readInForce(folder)).toEqual({});
});
