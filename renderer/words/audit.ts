import type { AuditEventType } from '../../shared/domain/audit-event.ts';
import { number, sentenceCase } from '../words.ts';

/** Names of the kinds of audit event. */
export const auditTypeWords: Record<AuditEventType, string> = {
  'ledger.created': 'Ledger begun',
  'snapshot.loaded': 'Snapshot loaded',
  'decision.made': 'Decision made',
  'decision.undone': 'Decision undone',
  'batch.created': 'Batch drafted',
  'batch.renamed': 'Batch renamed',
  'batch.deleted': 'Draft deleted',
  'batch.submitted': 'Batch submitted',
  'batch.approved': 'Batch approved',
  'batch.rejected': 'Batch rejected',
  'batch.withdrawn': 'Batch withdrawn',
  'batch.expired': 'Approval expired',
  'run.started': 'Run started',
  'run.resumed': 'Run resumed',
  'run.stopped': 'Run stopped',
  'run.finished': 'Run finished',
  'chunk.sending': 'Chunk sent',
  'record.pushed': 'Record pushed',
  'pushes.paused': 'Pushes paused',
  'pushes.resumed': 'Pushes resumed',
  'policy.changed': 'Policy changed',
  'audit.exported': 'Audit exported',
  'views.deploying': 'Deployment begun',
  'views.deployed': 'Views deployed',
  'views.failed': 'Deployment failed',
  'audit.verified': 'Chain verified',
};

/** The name of a fact of an event in words: `apiCalls` is `API calls`. */
export function factLabel(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/gu, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return sentenceCase(words).replace(/^Api\b/u, 'API');
}

/** The value of a fact of an event as text; null says so. */
export function factValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? number(value) : String(value);
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value.length === 0 ? 'none' : value.join(', ');
  if (value === null) return 'none';
  return JSON.stringify(value);
}
