import { createHash } from 'node:crypto';
import type { Batch } from '../../../shared/domain/batch.ts';
import { kinds, type Kind, type PendingKey } from '../../../shared/domain/pending-change.ts';
import type { PlannableChange } from '../ports.ts';
import { comparePendingKeys } from './plan-hash.ts';

type Stratum = Batch['strata'][number];
type StratumName = Stratum['name'];

/** The strata in the order in which a change falls into one of them. */
const stratumNames: readonly StratumName[] = ['P1', 'feature mismatch', 'multi-property', 'plain'];

interface Ranked extends PendingKey {
  rank: string;
}

export interface PilotDraw {
  add(change: Pick<PlannableChange, 'key' | 'kind' | 'priority' | 'memberCount'>): void;
  finish(): { members: PendingKey[]; strata: Stratum[] };
}

/**
 * Draws a pilot from a stream of pending changes.
 *
 * Shape:  per kind, every stratum gets its share by size, at least one record where the draw is large enough. Within a
 *         stratum the seed decides: the same seed and the same changes, in any order, give the same members. Memory
 *         grows with the size of the pilot, not with what it is drawn from.
 */
export function startPilotDraw({ creates, updates, seed }: { creates: number; updates: number; seed: string }): PilotDraw {
  const wanted: Record<Kind, number> = { create: creates, update: updates };
  const pools = new Map<string, { kind: Kind; name: StratumName; available: number; best: Ranked[] }>();
  for (const kind of kinds) for (const name of stratumNames) pools.set(`${kind} ${name}`, { kind, name, available: 0, best: [] });

  return {
    add({ key, kind, priority, memberCount }) {
      const pool = pools.get(`${kind} ${stratumOf(priority, memberCount)}`);
      if (!pool) return;
      pool.available += 1;
      pool.best.push({ key, kind, rank: rankOf(seed, kind, key) });
      if (pool.best.length > 2 * wanted[kind] + 1_000) pool.best = smallest(pool.best, wanted[kind]);
    },
    finish() {
      const members: Ranked[] = [];
      const strata: Stratum[] = [];
      for (const kind of kinds) {
        const ofKind = [...pools.values()].filter((pool) => pool.kind === kind);
        const shares = allotShares(wanted[kind], ofKind.map(({ available }) => available));
        for (const [place, { name, available, best }] of ofKind.entries()) {
          const drawn = shares[place] ?? 0;
          members.push(...smallest(best, drawn));
          if (available > 0) strata.push({ name, kind, drawn, available });
        }
      }
      return { members: members.toSorted(comparePendingKeys).map(({ key, kind }) => ({ key, kind })), strata };
    },
  };
}

/**
 * Divides a number of places among groups in proportion to their sizes.
 *
 * Shape:  sum = min(places, sum of sizes); no group gets more than its size; every group that has any gets at least one
 *         when there are enough places, the first ones otherwise. What is left goes by largest remainder.
 */
export function allotShares(places: number, sizes: readonly number[]): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const target = Math.min(places, total);
  const shares = sizes.map(() => 0);
  let left = target;
  for (const [group, size] of sizes.entries()) {
    if (size === 0 || left === 0) continue;
    shares[group] = 1;
    left -= 1;
  }
  while (left > 0) {
    const furthest = furthestBehind(sizes, shares, target / total);
    shares[furthest] = (shares[furthest] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}

function furthestBehind(sizes: readonly number[], shares: readonly number[], fraction: number): number {
  let furthest = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const [group, size] of sizes.entries()) {
    const share = shares[group] ?? 0;
    const behind = size * fraction - share;
    if (share < size && behind > most) {
      most = behind;
      furthest = group;
    }
  }
  return furthest;
}

function stratumOf(priority: PlannableChange['priority'], memberCount: number): StratumName {
  if (priority === 'P1') return 'P1';
  if (priority === 'P2') return 'feature mismatch';
  return memberCount > 1 ? 'multi-property' : 'plain';
}

function rankOf(seed: string, kind: Kind, key: string): string {
  return createHash('sha256').update(`${seed}\0${kind}\0${key}`, 'utf8').digest('hex');
}

function smallest(ranked: readonly Ranked[], count: number): Ranked[] {
  return ranked.toSorted((one, other) => (one.rank < other.rank ? -1 : 1)).slice(0, count);
}
