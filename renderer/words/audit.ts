import type { AuditEventType } from '../../shared/domain/audit-event.ts';

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
  'audit.verified': 'Chain verified',
};
