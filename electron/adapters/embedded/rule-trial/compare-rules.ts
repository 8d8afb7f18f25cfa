import { whatIfViews, type WhatIf, type WhatIfProgress, type WhatIfRecord } from '../../../../shared/domain/what-if.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import { candidateShape } from '../../../core/snapshot/build-candidate.ts';
import type { RuleTrial } from '../../../core/warehouse-ports.ts';
import type { SqliteDatabase } from '../../sqlite/open-database.ts';
import { openScratch } from '../scratch-database.ts';
import { buildPlan } from './build-plan.ts';
import { asDraftFailure, buildAsIs, buildDrafted, proveDraft } from './build-views.ts';
import { comparePlans } from './compare-plans.ts';
import { currentInPlanA, currentInSnapshot } from './current-values.ts';
import { loadSource, openSource, type CachedSource } from './load-source.ts';
import type { DraftText } from './trial-views.ts';

/** A comparison without what only the caller knows. */
export type Comparison = Omit<WhatIf, 'id' | 'draft' | 'seconds'>;

const reportEvery = 500;

/**
 * A scratch database in which a draft of the rules was compared with the rules as they are.
 *
 * Shape:  it is a temporary file of SQLite's, which is gone when it is closed and when its process ends, however that ends. The cache is
 *         only read. Source: SQLite, "Temporary Files Used By SQLite", databases with an empty name.
 */
export class RuleComparison {
  readonly #db: SqliteDatabase = openScratch('');

  /**
   * Runs both plans on the cached rows and compares them.
   *
   * Errors: `refused` (`no-snapshot`); `invalid-input` for a draft that cannot be run; `verification-failed` when plan A is not what the
   *         snapshot has: a comparison with another plan A would be a lie.
   */
  run(cacheFile: string, draft: DraftText, report: (progress: WhatIfProgress) => void): Comparison {
    const source = openSource(cacheFile);
    try {
      proveDraft(draft);
      return this.#compare(source, draft, report);
    } finally {
      source.db.close();
    }
  }

  /** Records that differ, in order of kind, then key; the cursor is their position. */
  records({ state, field, after, limit }: Omit<Parameters<RuleTrial['records']>[0], 'id'>): { total: number; items: WhatIfRecord[]; next: string | null } {
    const where = ['1', ...(state === undefined ? [] : ['s.state = :state']), ...(field === undefined ? [] : ['EXISTS (SELECT 1 FROM shown_field f WHERE f.field = :field AND f.position = s.position)'])].join(' AND ');
    const values = { state, field };
    const total = this.#db.prepare(`SELECT COUNT(*) FROM shown s WHERE ${where}`).pluck().get(values) as number;
    const rows = this.#db.prepare(`SELECT s.position, s.body FROM shown s WHERE ${where} AND s.position > :after ORDER BY s.position LIMIT :more`).raw().all({ ...values, after: Number(after ?? 0), more: limit + 1 }) as [number, string][];
    const page = rows.slice(0, limit);
    return { total, items: page.map(([, body]) => JSON.parse(body) as WhatIfRecord), next: rows.length > limit ? String(page.at(-1)?.[0]) : null };
  }

  close(): void {
    this.#db.close();
  }

  #compare(source: CachedSource, draft: DraftText, report: (progress: WhatIfProgress) => void): Comparison {
    const db = this.#db;
    const { snapshot, mapping } = source;
    const shape = candidateShape(mapping);
    const step = (name: WhatIfProgress['step'], total: number | null) => {
      let [done, told] = [0, 0];
      report({ step: name, done, total });
      return (count: number): void => {
        done += count;
        if (done - told < reportEvery) return;
        told = done;
        report({ step: name, done, total });
      };
    };

    const sourceRows = source.db.prepare('SELECT (SELECT COUNT(*) FROM property) + (SELECT COUNT(*) FROM staging)').pluck().get() as number;
    loadSource(db, source, step('load', sourceRows));

    const candidates = source.db.prepare('SELECT COUNT(*) FROM candidate').pluck().get() as number;
    const inPlanA = step('plan-a', candidates);
    const asIs = buildAsIs(db);
    buildPlan(db, { side: 'a', nameOf: asIs, shape, currentOf: currentInSnapshot(source), onRows: inPlanA });
    proveAsIs(db, source);

    const inPlanB = step('plan-b', candidates);
    const drafted = buildDrafted(db, draft, 2 * sourceRows + 100);
    try {
      buildPlan(db, { side: 'b', nameOf: drafted, shape, currentOf: currentInPlanA(db), onRows: inPlanB });
    } catch (error) {
      throw asDraftFailure(draft.view, error);
    }

    report({ step: 'compare', done: 0, total: null });
    const kinds = comparePlans(db, mapping, (done, total) => report({ step: 'compare', done, total }));
    const count = (sql: string): number => db.prepare(sql).pluck().get() as number;
    const of = (state: string): number => count(`SELECT COUNT(*) FROM shown WHERE state = '${state}'`);
    return {
      snapshotId: snapshot.id,
      view: draft.view,
      sql: draft.sql,
      a: countPlan(db, 'a'),
      b: countPlan(db, 'b'),
      rows: whatIfViews.map((view) => ({ view, a: count(`SELECT COUNT(*) FROM ${asIs(view)}`), b: count(`SELECT COUNT(*) FROM ${drafted(view)}`) })),
      unchanged: count('SELECT COUNT(*) FROM plan_a a JOIN plan_b b ON b.kind = a.kind AND b.key = a.key WHERE a.is_pending = 1 AND b.is_pending = 1 AND b.hash = a.hash'),
      enter: of('enter'),
      leave: of('leave'),
      change: of('change'),
      unknown: count('SELECT COUNT(*) FROM shown WHERE is_known = 0'),
      kinds,
    };
  }
}

function countPlan(db: SqliteDatabase, side: 'a' | 'b'): WhatIf['a'] {
  return db
    .prepare(
      `SELECT COUNT(*) FILTER (WHERE kind = 'create') AS creates, COUNT(*) FILTER (WHERE kind = 'update') AS updates, COUNT(*) AS total,
         COUNT(*) FILTER (WHERE priority = 'P1') AS p1, COUNT(*) FILTER (WHERE priority = 'P2') AS p2 FROM plan_${side} WHERE is_pending = 1`,
    )
    .get() as WhatIf['a'];
}

/** Plan A must be the snapshot's own plan, change by change: the same keys with the same content. */
function proveAsIs(db: SqliteDatabase, { db: cache, snapshot }: CachedSource): void {
  const hashOf = db.prepare('SELECT hash FROM plan_a WHERE kind = ? AND key = ? AND is_pending = 1').pluck();
  let differing = 0;
  let planned = 0;
  for (const row of cache.prepare('SELECT kind, key, content_hash FROM pending').raw().iterate()) {
    const [kind, key, hash] = row as [string, string, string];
    planned += 1;
    if (hashOf.get(kind, key) !== hash) differing += 1;
  }
  const { total } = countPlan(db, 'a');
  if (differing === 0 && total === planned) return;
  throw new AppFailure(
    'verification-failed',
    `The views of this version do not give the plan that snapshot ${snapshot.id} has: they give ${total} pending changes, it has ${planned}, and ${differing} of these are not the same. It was made by other texts, so there is nothing to compare with. Refresh the snapshot; where views are deployed, verify them first.`,
    { snapshot: snapshot.id, planned, found: total, differing },
  );
}
