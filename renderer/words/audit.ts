import type { AuditEventType } from '../../shared/domain/audit-event.ts';
import type { ChainReport } from '../../shared/domain/audit-event.ts';
import type { Anchor, Shipping } from '../../shared/domain/warehouse.ts';
import { number, plural, sentenceCase } from '../words.ts';
import { momentOf } from './dates.ts';

/** Names of the kinds of audit event. */
export const auditTypeWords: Record<AuditEventType, string> = {
  'ledger.created': 'Ledger begun',
  'snapshot.loaded': 'Snapshot loaded',
  'decision.made': 'Decision made',
  'decision.undone': 'Decision undone',
  'field.excluded': 'Field left out',
  'comment.added': 'Comment added',
  'sample.drawn': 'Sample drawn',
  'view.saved': 'View saved',
  'view.deleted': 'View deleted',
  'comparison.exported': 'Comparison exported',
  'batch.created': 'Batch drafted',
  'batch.renamed': 'Batch renamed',
  'batch.deleted': 'Draft deleted',
  'batch.submitted': 'Batch submitted',
  'batch.approved': 'Batch approved',
  'batch.rejected': 'Batch rejected',
  'batch.withdrawn': 'Batch withdrawn',
  'batch.expired': 'Approval expired',
  'plan.exported': 'Plan exported',
  'plan.signed': 'Plan signed',
  'signer.trusted': 'Signer trusted',
  'run.started': 'Run started',
  'run.resumed': 'Run resumed',
  'run.stopped': 'Run stopped',
  'run.finished': 'Run finished',
  'run.abandoned': 'Run abandoned',
  'chunk.sending': 'Chunk sent',
  'chunk.resolved': 'Open records looked up',
  'job.changed': 'Bulk job changed',
  'record.pushed': 'Record pushed',
  'pushes.paused': 'Pushes paused',
  'pushes.resumed': 'Pushes resumed',
  'policy.changed': 'Policy changed',
  'audit.exported': 'Audit exported',
  'views.deploying': 'Deployment begun',
  'views.deployed': 'Views deployed',
  'views.failed': 'Deployment failed',
  'warehouse.signing-in': 'Warehouse sign-in begun',
  'warehouse.token-stored': 'Warehouse token stored',
  'warehouse.token-forgotten': 'Warehouse token forgotten',
  'audit.verified': 'Chain verified',
};

/** The name of a fact of an event in words: `apiCalls` is `API calls`. */
export function factLabel(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/gu, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return sentenceCase(words).replace(/^Api\b/u, 'API');
}

/** The value of a fact of an event as text; null says so, and the parts of an object have their names in words. */
export function factValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? number(value) : String(value);
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value.length === 0 ? 'none' : value.join(', ');
  if (value === null) return 'none';
  if (typeof value === 'object' && !Array.isArray(value)) return Object.entries(value).map(([name, part]) => `${factLabel(name)}: ${factValue(part)}`).join('; ');
  return JSON.stringify(value);
}

/** Where the newest anchor is, at which event, and how much came after it. */
export function anchorSentence(anchor: Anchor, place: string, events: number, now: Date): string {
  const since = events >= anchor.seq ? `; ${plural(events - anchor.seq, 'event')} since` : '';
  return `Anchored in ${place} at event ${number(anchor.seq)}, ${momentOf(anchor.at, now)}${since}`;
}

/** What asking the anchor has shown; null where nobody looked. */
export function anchorVerdict({ state, seq, text }: ChainReport['anchor']): string {
  switch (state) {
    case 'agrees':
      return seq === null ? 'The anchor agrees' : `The anchor at event ${number(seq)} agrees`;
    case 'disagrees':
      return seq === null ? 'The anchor disagrees' : `The anchor at event ${number(seq)} disagrees`;
    case 'none':
      return 'Not anchored yet: no copy of the head is kept outside this ledger';
    case 'unreachable':
      return `Not checked: the anchor could not be asked${text === null ? '' : `. ${text}`}`;
    case 'not-asked':
      return 'Not checked: the copy of the head that the warehouse keeps';
  }
}

/** What a broken chain is, in one sentence. */
export function breakHeadline({ firstBad, anchor, events }: ChainReport): string {
  if (anchor.state === 'disagrees' && firstBad?.problem === 'truncated' && anchor.seq !== null) {
    return `Events are missing at the end: the anchor stands at event ${number(anchor.seq)}, this ledger ends at event ${number(events)}.`;
  }
  if (anchor.state === 'disagrees') return firstBad === null ? 'This ledger and its anchor disagree.' : `This ledger and its anchor disagree from event ${number(firstBad.seq)} on.`;
  return firstBad === null ? 'The chain is broken.' : `The chain breaks at event ${number(firstBad.seq)}.`;
}

/** What it means when this ledger and the copy in the warehouse tell two stories. */
export function disagreementMeaning({ firstBad }: ChainReport): string {
  return firstBad?.problem === 'truncated'
    ? 'Somebody cut this ledger back, or put an older copy in its place. The warehouse still has the events that are missing here. Do not push before it is understood.'
    : 'This ledger was copied or cut back and then written on, or its events were replaced. The warehouse keeps what was there first. Do not push before it is understood.';
}

/** Why copying the audit log does not work now: what happened, and what it means. */
export function shippingFailureWords(shipping: Shipping, failure: NonNullable<Shipping['failure']>, now: Date): { title: string; meaning: string } {
  if (failure.fork) return { title: 'The warehouse holds another audit log than this one.', meaning: 'Nothing more is copied, and new runs are refused. This ledger was copied or cut back; find out which one is right.' };
  const limit = shipping.limit === null ? '' : ` New runs are refused when more than ${number(shipping.limit)} wait.`;
  return {
    title: `${plural(shipping.backlog, 'audit event')} ${shipping.backlog === 1 ? 'waits' : 'wait'} to be copied.`,
    meaning: `The last try to copy them to ${shipping.place} failed, ${momentOf(failure.at, now)}. Nothing is lost: the events are in this ledger, and copying is tried again.${limit}`,
  };
}
