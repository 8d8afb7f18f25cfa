import type { CallOutput } from '../../../shared/contract.ts';
import type { CheckResult } from '../../../shared/domain/check.ts';
import type { SeverityLook } from '../../components/Mark.tsx';

/** A row of the grid: the heading of a group, a check, or something that is not checked. */
export type CheckRow = { kind: 'group'; id: string; title: string; count: number } | { kind: 'check'; id: string; check: CheckResult; look: SeverityLook } | { kind: 'not-checked'; id: string; text: string };

/** Puts the results into groups: Blockers, Warnings, Passed, Not checked. */
export function rowsOf(result: CallOutput<'checks.list'>): CheckRow[] {
  const groups: { title: string; look: SeverityLook; checks: CheckResult[] }[] = [
    { title: 'Blockers', look: 'blocker', checks: result.checks.filter((check) => !check.passed && check.severity === 'blocker') },
    { title: 'Warnings', look: 'warning', checks: result.checks.filter((check) => !check.passed && check.severity === 'warning') },
    { title: 'Passed', look: 'ok', checks: result.checks.filter((check) => check.passed) },
  ];
  const rows: CheckRow[] = [];
  for (const { title, look, checks } of groups) {
    if (checks.length === 0) continue;
    rows.push({ kind: 'group', id: title, title, count: checks.length });
    for (const check of checks) rows.push({ kind: 'check', id: check.id, check, look });
  }
  if (result.notChecked.length > 0) rows.push({ kind: 'group', id: 'Not checked', title: 'Not checked', count: result.notChecked.length });
  for (const text of result.notChecked) rows.push({ kind: 'not-checked', id: text, text });
  return rows;
}

/** The next row that is not a heading, in the direction of the move. */
export function nextRow(rows: readonly CheckRow[], from: number, to: number): number {
  const step = to >= from ? 1 : -1;
  let row = Math.max(0, Math.min(rows.length - 1, to));
  while (rows[row]?.kind === 'group' && row + step >= 0 && row + step < rows.length) row += step;
  return rows[row]?.kind === 'group' ? from : row;
}
