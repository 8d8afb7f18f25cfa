import { expect } from 'vitest';
import { startRun } from '../../../electron/core/push/run.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import type { Run } from '../../../shared/domain/batch.ts';
import { asAda, type PushWorkbench } from '../../core/push/push-workbench.ts';

export const modes = ['collections', 'strict', 'bulk'] as const;
export type Mode = (typeof modes)[number];

/** The calls by which records are written, to match faults with; of a job the call that asks for it. */
export const writeCall: Readonly<Record<Mode, { method?: string; path: string }>> = {
  collections: { path: '/composite/sobjects$' },
  strict: { method: 'POST', path: '/composite$' },
  bulk: { method: 'POST', path: '/jobs/ingest$' },
};

export const batch = { id: 'B-1' };

/** Pushes the batch of a workbench; `org` may be in its place. */
export function pushBy(bench: PushWorkbench, mode: Mode, org: Org = bench.org): Promise<Run> {
  return startRun({ ...bench.deps, org }, asAda(), { batch, mode });
}

/** An org before whose first write something happens. */
export function beforeFirstWrite(org: Org, happens: () => Promise<unknown>): Org {
  let isDone = false;
  const once = async (): Promise<void> => {
    if (isDone) return;
    isDone = true;
    await happens();
  };
  return {
    ...org,
    insert: async (...args) => { await once(); return org.insert(...args); },
    update: async (...args) => { await once(); return org.update(...args); },
    insertStrict: async (...args) => { await once(); return org.insertStrict(...args); },
    updateStrict: async (...args) => { await once(); return org.updateStrict(...args); },
    bulk: { ...org.bulk, close: async (...args) => { await once(); return org.bulk.close(...args); } },
  };
}

/** What took effect, by people's changes and ours: `create new-00001`. */
export async function effectsOf(bench: PushWorkbench): Promise<string[]> {
  return (await bench.journal()).filter(({ operation }) => operation !== 'behind').map(({ operation, externalKey }) => `${operation} ${externalKey}`);
}

/** Exactly these many records took effect, each once. */
export async function expectEachOnce(bench: PushWorkbench, records: number): Promise<void> {
  const effects = await effectsOf(bench);
  expect(effects).toHaveLength(records);
  expect(new Set(effects).size).toBe(records);
}
