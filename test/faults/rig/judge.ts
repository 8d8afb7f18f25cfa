import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { Run } from '../../../shared/domain/batch.ts';
import type { PlanRecord } from '../../../shared/domain/plan.ts';
import { outcomesOf } from '../../core/push/push-workbench.ts';
import type { Site } from './site.ts';

/** What is wrong with a plan after its last life, by kind. */
export interface Judgement {
  /** Records that were not applied, or of which the ledger does not say that they were. */
  lost: string[];
  /** Records that were applied more than once, or without having been planned. */
  twice: string[];
  /** Anything else: counts, chain, log, states. */
  other: string[];
}

/** So many of each kind are named. */
const namedPerKind = 3;

/** True when nothing is wrong. */
export function isSound({ lost, twice, other }: Judgement): boolean {
  return lost.length + twice.length + other.length === 0;
}

/** All that is wrong, in one line. */
export function wordsOf({ lost, twice, other }: Judgement): string {
  const some = (what: string, list: readonly string[]): string[] => (list.length === 0 ? [] : [`${list.length} ${what}, as ${list.slice(0, namedPerKind).join('; ')}`]);
  return [...some('lost', lost), ...some('twice', twice), ...some('other', other)].join('; ');
}

/** Holds the effects that really took place in the org against the plan and the ledger. The run must have come to its end. */
export async function judge(site: Site, plan: readonly PlanRecord[], run: Run | null): Promise<Judgement> {
  const found: Judgement = { lost: [], twice: [], other: [] };
  const journal = await site.journal();
  const ledger = await openLedger({ folder: site.folder, readonly: true, threads: false });
  try {
    const outcomes = await outcomesOf(ledger);
    const pushed = new Map<string, string[]>();
    for (const { type, keys, data } of await ledger.eventsFrom(1, 100_000)) {
      if (type === 'record.pushed') for (const key of keys) pushed.set(key, [...(pushed.get(key) ?? []), String(data['outcome'])]);
    }
    for (const { key, kind, fields } of plan) {
      const effects = journal.filter((entry) => entry.externalKey === key);
      const outcome = outcomes.get(key);
      if (effects.length === 0 || outcome?.outcome !== 'succeeded') found.lost.push(`${key} (${effects.length} effects, ${outcome?.outcome} ${outcome?.code ?? ''})`);
      if (effects.length > 1) found.twice.push(`${key} (${effects.length} effects)`);
      if (effects.some(({ operation }) => operation !== kind)) found.twice.push(`${key} (${effects.map(({ operation }) => operation).join(', ')})`);
      if (Object.entries(fields).some(([field, { after }]) => !isHeld(effects[0]?.after?.[field], after))) found.other.push(`${key} holds other values than planned`);
      if (outcome?.salesforceId !== effects[0]?.recordId) found.other.push(`${key} is said to be ${outcome?.salesforceId}, but is ${effects[0]?.recordId}`);
      const told = (pushed.get(key) ?? []).filter((each) => each !== 'unknown');
      if (told.join() !== 'succeeded') found.other.push(`the audit log says of ${key}: ${told.join(', ') || 'nothing'}`);
    }
    const planned = new Set(plan.map(({ key }) => key));
    for (const { externalKey, operation } of journal) if (!planned.has(externalKey ?? '')) found.twice.push(`${operation} of ${externalKey}, which nobody planned`);

    const [last, ...others] = await ledger.runs('B-1');
    if (others.length > 0) found.other.push(`${others.length + 1} runs of one plan`);
    if (last?.state !== 'completed' || run?.state !== 'completed') found.other.unshift(`the run is ${last?.state}: ${last?.stopReason?.code ?? ''} ${last?.stopReason?.message ?? ''}`);
    const { planned: total, ...parts } = last?.counts ?? { planned: 0 };
    if (total !== plan.length || Object.values(parts).reduce((sum, part) => sum + part, 0) !== total) found.other.push(`the counts do not add up: ${JSON.stringify(last?.counts)}`);
    if ((await ledger.batch('B-1'))?.state !== 'completed') found.other.push('the batch is not completed');
    const chain = await ledger.verify();
    if (!chain.ok) found.other.push(`the chain is broken: ${chain.firstBad?.text}`);
  } finally {
    await ledger.close();
  }
  return found;
}

/** The journal keeps the org's own form: 1 for TRUE, instants with an offset. */
function isHeld(held: unknown, planned: unknown): boolean {
  if (typeof planned === 'boolean') return held === (planned ? 1 : 0) || held === planned;
  if (typeof planned === 'string' && typeof held === 'string' && held.endsWith('+0000')) return Date.parse(held.replace('+0000', 'Z')) === Date.parse(planned);
  return held === planned;
}
