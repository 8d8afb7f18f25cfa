import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { Probe } from '../../../shared/domain/warehouse.ts';
import type { Org } from '../org-ports.ts';
import type { Cache, Clock, Warehouse } from '../ports.ts';

interface ProbeDeps {
  warehouse: Pick<Warehouse, 'fingerprint'>;
  org: Pick<Org, 'fingerprint'>;
  cache: Pick<Cache, 'snapshot'>;
  mapping: Pick<Mapping, 'object'>;
  /** Names the rules in force; null where they cannot be read. */
  rules(signal: AbortSignal): Promise<{ fingerprint: string | null }>;
  clock: Pick<Clock, 'elapsedMs'>;
}

/**
 * Looks cheaply whether source, org or rules are other than they were when the last snapshot was read.
 *
 * Shape:  what was not remembered then, or cannot be told now, is `unknown`, and counts as changed: a refresh that is left out by mistake would
 *         hide changes, one too many only costs time.
 * Errors: whatever source and org throw.
 */
export async function probeForChanges({ warehouse, org, cache, mapping, rules, clock }: ProbeDeps, signal: AbortSignal): Promise<Probe> {
  const started = clock.elapsedMs();
  const snapshot = await cache.snapshot();
  const [source, records, { fingerprint }] = await Promise.all([warehouse.fingerprint(signal), org.fingerprint(mapping.object, signal), rules(signal)]);
  const compared = (before: string | null | undefined, now: string | null): Probe['source'] => (now === null || before === null || before === undefined ? 'unknown' : before === now ? 'same' : 'changed');
  const found = { source: compared(snapshot?.readFrom.source, source), org: compared(snapshot?.readFrom.org, records), rules: compared(snapshot?.readFrom.rules, fingerprint) };
  return { ...found, changed: Object.values(found).some((state) => state !== 'same'), snapshotId: snapshot?.id ?? null, seconds: (clock.elapsedMs() - started) / 1000 };
}
