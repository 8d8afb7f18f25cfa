import type { AuditEvent, NewAuditEvent } from './audit-event.ts';

/**
 * Says in one plain line what an audit event records.
 *
 * Errors: never throws; facts that an older event does not carry are left out.
 */
export function summarizeEvent(event: Pick<AuditEvent | NewAuditEvent, 'type' | 'keys' | 'data' | 'batchId' | 'runId'>): string {
  const { data } = event;
  const text = (name: string) => textOf(data[name]);
  const batch = event.batchId ?? 'a batch';
  const because = (name = 'reason') => (text(name) === '' ? '' : `: ${text(name)}`);
  switch (event.type) {
    case 'ledger.created':
      return 'Began this ledger';
    case 'snapshot.loaded':
      return `Loaded snapshot ${text('id') || text('snapshotId')}${numbers(data, ['creates', 'updates'])}`;
    case 'decision.made':
      return `${text('label') || 'Decided'}${because()}${data['blocked'] ? `, left out ${text('blocked')} with blockers` : ''}`;
    case 'decision.undone':
      return text('label') || 'Undid a decision';
    case 'field.excluded':
      return `${text('label') || 'Left a field out'}${because()}`;
    case 'comment.added':
      return `Commented: ${text('text')}`;
    case 'sample.drawn':
      return `Drew ${text('size')} records at random from ${text('filter') || 'all pending changes'} with seed ${text('seed')}`;
    case 'view.saved':
      return `Saved the view ${text('name')}`;
    case 'view.deleted':
      return `Deleted the view ${text('name')}`;
    case 'comparison.exported':
      return `Exported a comparison of rules for ${text('view')}${numbers(data, ['records'])}`;
    case 'batch.created':
      return `Drafted batch ${batch}${named(text('name'))}${numbers(data, ['creates', 'updates'])}`;
    case 'batch.renamed':
      return `Renamed batch ${batch} from "${text('from')}" to "${text('to')}"`;
    case 'batch.deleted':
      return `Deleted batch ${batch}${named(text('name'))}`;
    case 'batch.submitted':
      return `Submitted batch ${batch} as plan ${shortHash(text('planHash'))}${numbers(data, ['creates', 'updates', 'fields'])}${text('overridePilot') ? `, pilot gates overridden: ${text('overridePilot')}` : ''}`;
    case 'batch.approved':
      return `Approved plan ${shortHash(text('planHash'))} of batch ${batch} (${text('approvals')} of ${text('needed')})${text('by') ? `, signed elsewhere by ${text('by')}` : ''}${because('note')}`;
    case 'batch.rejected':
      return `Rejected batch ${batch}${because()}`;
    case 'batch.withdrawn':
      return `Took batch ${batch} back to draft${because()}`;
    case 'batch.expired':
      return `The approval of batch ${batch} expired`;
    case 'plan.exported':
      return `Exported plan ${shortHash(text('planHash'))} of batch ${batch} for an approval by file${numbers(data, ['records'])}`;
    case 'plan.signed':
      return `Signed plan ${shortHash(text('planHash'))} of batch ${text('of')} in another workspace${because('note')}`;
    case 'signer.trusted':
      return `Trusted the key ${shortHash(text('fingerprint'))} as that of ${text('name')}`;
    case 'run.started':
      return `Started run ${event.runId ?? ''}${numbers(data, ['planned', 'chunks'])}`;
    case 'run.resumed':
      return `Resumed run ${event.runId ?? ''}`;
    case 'run.stopped':
      return `Stopped run ${event.runId ?? ''}${because()}`;
    case 'run.finished':
      return `Finished run ${event.runId ?? ''}${numbers(data, ['planned', 'succeeded', 'failed', 'stale', 'skipped', 'unknown', 'notSent'])}`;
    case 'run.abandoned':
      return `Abandoned run ${event.runId ?? ''}${because()}${numbers(data, ['notSent', 'unknown'])}`;
    case 'chunk.resolved':
      return `Looked up ${text('looked')} open records of chunk ${text('chunk')} in Salesforce${numbers(data, ['written', 'untouched', 'stale'])}`;
    case 'job.changed':
      return `Bulk job ${text('jobId') || 'asked for'} of chunk ${text('chunk')}: ${text('state')}`;
    case 'chunk.sending':
      return `Sent chunk ${text('chunk')}${numbers(data, ['records'])}`;
    case 'record.pushed':
      return `${text('kind') === 'create' ? 'Create' : 'Update'} of ${text('key') || event.keys.join(', ')}: ${text('outcome')}${text('code') ? ` (${text('code')})` : ''}`;
    case 'pushes.paused':
      return `Paused all pushes${because()}`;
    case 'pushes.resumed':
      return `Let pushes go on${because()}`;
    case 'policy.changed':
      return `Changed the policy${numbers(data, ['approvals'])}`;
    case 'audit.exported':
      return `Exported ${text('events')} events as ${text('format')}`;
    case 'audit.verified':
      return `Verified the chain: ${text('events')} events, ${data['ok'] === false ? 'broken' : 'intact'}`;
    case 'views.deploying':
      return `Began to deploy the views to ${text('target')}${numbers(data, ['statements'])}`;
    case 'views.deployed':
      return `Deployed the views to ${text('target')}${numbers(data, ['statements'])}`;
    case 'warehouse.signing-in':
      return 'Began to sign in to the warehouse';
    case 'warehouse.token-stored':
      return 'Stored a token of the warehouse';
    case 'warehouse.token-forgotten':
      return 'Forgot the token of the warehouse';
    case 'views.failed':
      return `Could not deploy ${text('object') || 'the views'} to ${text('target')}: ${text('done')} of ${text('statements')} statements were run${text('code') ? ` (${text('code')})` : ''}`;
  }
}

function numbers(data: AuditEvent['data'], names: readonly string[]): string {
  const given = counts(data);
  const parts = names.flatMap((name) => (typeof given[name] === 'number' ? [`${given[name]} ${wordFor(name, given[name])}`] : []));
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function wordFor(name: string, count: number): string {
  if (name === 'notSent') return 'not sent';
  return count === 1 && name.endsWith('s') ? name.slice(0, -1) : name;
}

/** The numbers of an event, also where it keeps them together under `counts`. */
function counts(data: AuditEvent['data']): Readonly<Record<string, unknown>> {
  const nested = data['counts'];
  return typeof nested === 'object' && nested !== null && !Array.isArray(nested) ? { ...data, ...nested } : data;
}

function named(name: string): string {
  return name === '' ? '' : ` "${name}"`;
}

function shortHash(hash: string): string {
  return hash.slice(0, 8);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
