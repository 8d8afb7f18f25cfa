import { isBatchOpen, type Run } from '../../shared/domain/batch.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import type { CallOutput } from '../../shared/contract.ts';
import { viewNames } from '../../shared/domain/warehouse.ts';
import { readViewSql } from '../warehouse-views/read-views.ts';
import type { AppPorts } from './app.ts';
import { sha256 } from './canonical.ts';

/** What stands in the banner and the status bar: where we are, who we are, what is loaded, what waits. */
export async function describeApp(ports: AppPorts, actor: string, isResumable: (run: Run) => boolean): Promise<CallOutput<'app.info'>> {
  const { ledger, cache, config } = ports;
  const [pinned, paused, chain, batches, runs, snapshot, shipping] = await Promise.all([ledger.pinnedOrg(), ledger.paused(), ledger.chainHead(), ledger.batches(), ledger.runs(null), cache.snapshot(), ledger.shipping()]);
  const { dailyUsed, dailyLimit } = ports.org.usage();
  return {
    version: ports.version,
    host: ports.host,
    workspace: { name: config.name, folder: ports.folder },
    org: pinned === null ? null : { id: pinned.id, name: pinned.name, environment: pinned.environment, url: pinned.url },
    warehouse: { kind: config.warehouse.kind, source: sourceName(ports) },
    identity: actor,
    canSwitchIdentity: config.org.kind === 'simulated',
    readOnly: ports.readOnly,
    paused,
    snapshot,
    api: dailyUsed === null || dailyLimit === null ? null : { used: dailyUsed, limit: dailyLimit },
    chain,
    auditBacklog: { events: chain.events - shipping.shipped, failing: shipping.failure !== null },
    mapping: config.mapping,
    openBatches: batches.filter((batch) => isBatchOpen(batch.state)).length,
    blockers: snapshot ? (await cache.checks()).blockers : 0,
    interruptedRun: runs.find(isResumable)?.id ?? null,
  };
}

/** The settings with the connections as people may see them: addresses, never secrets. */
export function describeSettings(ports: AppPorts, policy: Policy): CallOutput<'settings.get'> {
  const { org, mapping, thresholds, warehouse } = ports.config;
  const isSimulated = org.kind === 'simulated';
  const { place } = ports.warehouseObjects;
  return {
    policy,
    thresholds,
    mapping,
    connections: [
      { id: 'warehouse', kind: warehouse.kind, address: sourceName(ports), place: place === null ? null : `${place.catalog}.${place.schema}`, secret: warehouse.kind === 'databricks' ? 'from the environment' : 'none needed' },
      { id: 'org', kind: org.kind, address: isSimulated ? 'on this machine' : (org.instanceUrl ?? org.loginUrl ?? 'from the environment'), place: null, secret: isSimulated ? 'none needed' : 'from the environment' },
    ],
  };
}

/** The six objects of the warehouse: text, rules in plain words (the comment each begins with), and a hash to compare by. */
export function listViews(): CallOutput<'views.list'> {
  const views = viewNames.map((name) => {
    const sql = readViewSql(name);
    return { name, sql, words: leadingComment(sql), hash: sha256(sql) };
  });
  return { views };
}

function leadingComment(sql: string): string {
  const lines: string[] = [];
  for (const line of sql.split('\n')) {
    if (!line.startsWith('--')) break;
    lines.push(line.replace(/^-- ?/u, ''));
  }
  return lines.join('\n').trim();
}

function sourceName({ config: { warehouse } }: AppPorts): string {
  if (warehouse.kind === 'databricks') return warehouse.host;
  return warehouse.source ?? 'sample';
}
