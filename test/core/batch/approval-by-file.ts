import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BatchDeps } from '../../../electron/core/batch/batch-deps.ts';
import { exportPlan } from '../../../electron/core/batch/export-plan.ts';
import { signPlan } from '../../../electron/core/batch/sign-plan.ts';
import { openExportFile } from '../../../electron/core/export-file.ts';
import type { Workbench } from './batch-workbench.ts';

/** The text of the plan of a batch as it is exported. */
export async function exportedPlan(bench: Workbench, id: string, deps: BatchDeps = bench.deps): Promise<string> {
  const file = join(bench.folder, 'plan.jsonl');
  const target = await openExportFile({ folder: bench.folder, desktop: { chooseSaveFile: async () => file } }, '');
  await exportPlan(deps, bench.as('ann'), { id, target });
  return readFileSync(file, 'utf8');
}

/** The text of an approval of an exported plan, as another installation signs it. */
export async function signedApproval(elsewhere: Workbench, signer: string, plan: string | Uint8Array, options: { hours?: number; expect?: string; note?: string } = {}): Promise<string> {
  const file = join(elsewhere.folder, 'approval.json');
  const deps = { ledger: elsewhere.deps.ledger, clock: elsewhere.deps.clock, folder: elsewhere.folder, desktop: { chooseSaveFile: async () => file }, approvalHours: options.hours ?? 24 };
  await signPlan(deps, elsewhere.as(signer), { chunks: [Buffer.from(plan)], ...options });
  return readFileSync(file, 'utf8');
}
