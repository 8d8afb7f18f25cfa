import type { CallOutput } from '../../../../shared/contract.ts';
import { neverChecked } from '../../../../shared/domain/check.ts';
import { checkCatalog, checkIds, orgCheckIds } from '../../../core/checks/catalog.ts';
import type { SqliteDatabase } from '../open-database.ts';

const mostKeys = 1_000;

/** What the checks of a snapshot found, and what was not checked. `snapshot` null: there is none yet. */
export function listChecks({ db, snapshot, checkedOrg }: { db: SqliteDatabase; snapshot: unknown; checkedOrg: boolean }): CallOutput<'checks.list'> {
  if (snapshot === null) return { checks: [], blockers: 0, warnings: 0, notChecked: ['Everything: there is no snapshot yet', ...neverChecked] };
  const ran = checkIds.filter((id) => checkedOrg || !orgCheckIds.includes(id));
  const count = db.prepare('SELECT COUNT(*) FROM check_hit WHERE check_id = ?').pluck();
  const first = db.prepare('SELECT key, detail FROM check_hit WHERE check_id = ? ORDER BY key LIMIT ?');
  const checks = ran.map((id) => {
    const hits = first.all(id, mostKeys) as { key: string; detail: string | null }[];
    const { severity, meaning, fix, subject } = checkCatalog[id];
    return { id, severity, meaning, fix, subject, count: count.get(id) as number, passed: hits.length === 0, keys: hits.map(({ key }) => key), details: hits.map(({ detail }) => detail) };
  });
  const total = (severity: string): number => checks.filter((check) => check.severity === severity).reduce((sum, check) => sum + check.count, 0);
  const skipped = checkedOrg ? [] : orgCheckIds.map((id) => checkCatalog[id].meaning);
  return { checks, blockers: total('blocker'), warnings: total('warning'), notChecked: [...skipped, ...neverChecked] };
}
