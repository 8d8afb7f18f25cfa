import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { RefreshProgress, Snapshot } from '../../../shared/domain/snapshot.ts';
import { refusal, throwIfCancelled } from '../app-failure.ts';
import { canonicalJson } from '../canonical.ts';
import type { Ledger, LedgerWrite, PinnedOrg } from '../ledger-ports.ts';
import type { Org, OrgIdentity } from '../org-ports.ts';
import type { Cache, CallContext, Clock, SnapshotWriter, SourceCounts, Warehouse, WarehouseRow } from '../ports.ts';
import { writeDecisions } from '../write-decisions.ts';
import { compareSets, type Disagreements } from './compare-sets.ts';
import { readOrgValues } from './org-values.ts';
import { ProgressReporter } from './refresh-progress.ts';
import { WriteBehind } from './write-behind.ts';

export interface RefreshDeps {
  warehouse: Warehouse;
  org: Org;
  cache: Cache;
  ledger: Ledger;
  mapping: Mapping;
  /** By which rules the warehouse chooses now, and what a person should know of them. */
  rules(signal: AbortSignal): Promise<{ fingerprint: string | null; notices: readonly string[] }>;
  clock: Clock;
}

export interface RefreshContext extends CallContext {
  onProgress(progress: RefreshProgress): void;
}

const what = 'The refresh';

/**
 * Loads a new snapshot: both pending sets with all contributors, compared with what the org has now.
 *
 * Shape:  the old snapshot stays readable until the new one is complete, and stays whole when the refresh fails, is
 *         cancelled or its process is killed. The audit event is written just before the new snapshot becomes visible.
 * Errors: `cancelled`; `refused` with rule `wrong-org` when the workspace belongs to another org; whatever source, org and
 *         ledger throw.
 */
export async function refreshSnapshot(deps: RefreshDeps, ctx: RefreshContext): Promise<Snapshot> {
  try {
    return await loadSnapshot(deps, ctx);
  } finally {
    // The views' rows are in the cache now, or of no use. What cannot be let go here is at the next refresh, and is no failure of this one.
    await deps.warehouse.close().catch(() => {});
  }
}

async function loadSnapshot(deps: RefreshDeps, ctx: RefreshContext): Promise<Snapshot> {
  const { warehouse, org, cache, ledger, mapping, clock } = deps;
  const { signal } = ctx;
  const startedAtMs = clock.elapsedMs();
  const progress = new ProgressReporter(clock, ctx.onProgress);

  progress.start('source', null);
  const identity = await org.identity(signal);
  const pinned = await ledger.pinnedOrg();
  if (pinned !== null && pinned.id !== identity.orgId) {
    throw refusal('wrong-org', `This workspace belongs to the org ${pinned.name} (${pinned.id}), and you are signed in to ${identity.orgName} (${identity.orgId}). Nothing was read.`, { expected: pinned.id, found: identity.orgId });
  }
  const object = await org.describe(mapping.object, signal);
  const takenAt = clock.now();
  // Looked at before anything is read, so that what changes meanwhile is found by the next look.
  const rules = await deps.rules(signal);
  const readFrom = { source: await warehouse.fingerprint(signal), org: await org.fingerprint(mapping.object, signal), rules: rules.fingerprint };
  const source = await warehouse.prepare({ signal, onProgress: (rows) => progress.at(rows) });
  throwIfCancelled(signal, what);

  const writer = await cache.beginSnapshot(mapping, object);
  try {
    await storeSource(deps, writer, source, signal, progress);
    const sourceChecked = writer.checkSource({ now: takenAt });
    // Goes on while the org is read and is awaited before the other checks; until then a failure must not count as unhandled.
    sourceChecked.catch(() => {});

    const keyCount = (await warehouse.countView('properties_to_create', signal)) + (await warehouse.countView('properties_to_update', signal));
    const values = await readOrgValues({
      org,
      object,
      mapping,
      writer,
      keyCount,
      signal,
      onStart: (total) => progress.start('org', total),
      onRecords: (count) => progress.add(count),
    });

    progress.start('compare', keyCount);
    const disagreements = await compareSets({ warehouse, mapping, values, writer, signal, onRows: (count) => progress.add(count) });

    throwIfCancelled(signal, what);
    progress.start('checks', null);
    await sourceChecked;
    await writer.runChecks({ now: takenAt });

    throwIfCancelled(signal, what);
    progress.start('save', null);
    const dashboard = await readDashboard(warehouse, signal);
    throwIfCancelled(signal, what);
    const facts = {
      id: `S-${String(await ledger.nextNumber('snapshot')).padStart(4, '0')}`,
      takenAt,
      multiPropertyGroups: dashboard.get('multi_property_groups') ?? 0,
      multiPropertyMembers: dashboard.get('multi_property_members') ?? 0,
      rows: { properties: source.properties, propertyFeatures: source.propertyFeatures, productProperty: source.productProperty, orgRecords: values.recordsRead() },
      notices: [...source.notices, ...rules.notices, ...changedNotice(readFrom.source, await warehouse.fingerprint(signal)), ...noticesOf(disagreements)],
      readFrom,
      startedAtMs,
      nowMs: clock.elapsedMs(),
    };
    // Decisions on the old snapshot need it until all their rows are there. Without it they are given up, which is no failure of this refresh.
    await writeDecisions(ledger).catch(() => {});
    return await writer.commit(facts, async (snapshot) => {
      throwIfCancelled(signal, what);
      // Of what was read from, the log keeps the rules; the rest only helps the next look for changes.
      const { readFrom: _, ...told } = snapshot;
      const org = pinOf(identity);
      const writes: LedgerWrite[] = canonicalJson(org) === canonicalJson(pinned) ? [] : [{ write: 'org.pin', org }];
      await ledger.commit({ events: [{ type: 'snapshot.loaded', actor: ctx.actor, batchId: null, runId: null, keys: [], data: { ...told, rules: rules.fingerprint, orgId: identity.orgId, user: identity.username } }], writes });
    });
  } catch (error) {
    await writer.rollback();
    throw error;
  }
}

async function storeSource({ warehouse }: RefreshDeps, writer: SnapshotWriter, source: SourceCounts, signal: AbortSignal, progress: ProgressReporter): Promise<void> {
  progress.start('views', source.properties + source.productProperty);
  const stored = new WriteBehind();
  for await (const rows of warehouse.readView('rds_properties_enriched', { signal })) {
    throwIfCancelled(signal, what);
    await stored.add(writer.addProperties(rows));
    progress.add(rows.length);
  }
  for await (const rows of warehouse.readView('product_property', { signal })) {
    throwIfCancelled(signal, what);
    await stored.add(writer.addStagingRecords(rows));
    progress.add(rows.length);
  }
  await stored.end();
}

/** The metrics of view `sync_monitoring_dashboard` by name. */
async function readDashboard(warehouse: Warehouse, signal: AbortSignal): Promise<Map<string, number>> {
  const rows: WarehouseRow[] = [];
  for await (const batch of warehouse.readView('sync_monitoring_dashboard', { signal })) rows.push(...batch);
  return new Map(rows.map((row) => [String(row['metric']), Number(row['numerator'] ?? 0)]));
}

/** The views are read one after the other, so that a source that changes meanwhile shows in some of them only. */
function changedNotice(before: string | null, after: string | null): string[] {
  return before === null || after === null || before === after ? [] : ['The source changed while it was read, so that this snapshot may mix two of its states. Refresh again before you approve.'];
}

function noticesOf({ alreadyInOrg, goneFromOrg }: Disagreements): string[] {
  return [
    ...(alreadyInOrg > 0 ? [`The org already has ${alreadyInOrg} of the records to create. They are blocked.`] : []),
    ...(goneFromOrg > 0 ? [`The org no longer has ${goneFromOrg} of the records to update. They are left out.`] : []),
  ];
}

function pinOf({ orgId, orgName, isProduction, instanceUrl, userId, username }: OrgIdentity): PinnedOrg {
  const isLoopback = /^(?:127\.|localhost$|\[::1\]$)/u.test(new URL(instanceUrl).hostname);
  const environment = isProduction ? 'production' : isLoopback ? 'simulated' : 'sandbox';
  return { id: orgId, name: orgName, environment, url: instanceUrl, user: { id: userId, username } };
}
