/**
 * The texts of the interface that name things of the domain: states, outcomes, decisions, kinds, plural forms.
 * Sentences for failures are in words/errors.ts, sentences for rules in words/why.ts.
 */
import type { ErrorGroup, BatchState, Run } from '../shared/domain/batch.ts';
import type { DecisionState, Kind } from '../shared/domain/pending-change.ts';
import type { Outcome } from '../shared/domain/outcome.ts';
import type { MetricName } from '../shared/domain/metric.ts';
import type { RefreshProgress, SinceLast } from '../shared/domain/snapshot.ts';
import type { AppInfo } from '../shared/contract.ts';

const digits = new Intl.NumberFormat('en-US');
const percents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Writes a whole number with its digits grouped. */
export function number(value: number): string {
  return digits.format(value);
}

/** Writes a share of one as a percentage with one decimal. */
export function percent(share: number): string {
  return `${percents.format(share * 100)} %`;
}

/** Writes a number with its noun; zero is "no" in sentences. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Begins a phrase with a capital letter. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Writes creates and updates, leaving out the part that is zero. */
export function createsAndUpdates(creates: number, updates: number): string {
  const parts = [creates > 0 ? plural(creates, 'create') : '', updates > 0 ? plural(updates, 'update') : ''].filter((part) => part !== '');
  return parts.length === 0 ? 'no records' : parts.join(', ');
}

export const decisionWords: Record<DecisionState, string> = { none: 'Undecided', approve: 'Approved', hold: 'Held', exclude: 'Excluded' };
/** What is said while a decision on many records is being written. */
export const decisionsUnderWay = { approve: 'Approving', hold: 'Holding', exclude: 'Excluding' } as const;

/** How many need no approval any more. */
export function alreadyApproved(count: number): string {
  return `${number(count)} ${count === 1 ? 'is' : 'are'} approved already`;
}

export const decisionVerbs = { approve: 'Approve', hold: 'Hold', exclude: 'Exclude' } as const;
export const kindWords: Record<Kind, string> = { create: 'Create', update: 'Update' };
export const outcomeWords: Record<Outcome, string> = { succeeded: 'Succeeded', failed: 'Failed', stale: 'Stale', skipped: 'Skipped', unknown: 'Unknown', notSent: 'Not sent' };
export const priorityWords = { P1: 'P1 Feature creates', P2: 'P2 Flag changes', P3: 'P3 The rest' } as const;
export const ruleWords = { primary: 'Primary', any: 'Any', earliest: 'Earliest' } as const;
export const severityWords = { blocker: 'Blockers', warning: 'Warnings', passed: 'Passed' } as const;
export const environmentWords: Record<NonNullable<AppInfo['org']>['environment'], string> = { production: 'Production', sandbox: 'Sandbox', simulated: 'Simulated org' };
export const densityWords = { compact: 'Compact', normal: 'Normal', comfortable: 'Comfortable' } as const;

export const sortWords = {
  risk: 'Risk first',
  priority: 'Priority',
  kind: 'Kind',
  name: 'Name',
  company: 'Company',
  state: 'State',
  contributors: 'Contributors',
  checks: 'Checks',
  decision: 'Decision',
  progress: 'Review progress',
  changes: 'Number of changes',
  key: 'Key',
} as const;

export const batchStateWords: Record<BatchState, string> = {
  draft: 'Draft',
  submitted: 'Submitted',
  approved: 'Approved',
  rejected: 'Rejected',
  expired: 'Expired',
  pushing: 'Pushing',
  completed: 'Completed',
  'completed-with-errors': 'Completed with errors',
  aborted: 'Aborted',
  'rolled-back': 'Rolled back',
};

export const runStateWords: Record<Run['state'], string> = {
  running: 'running',
  stopped: 'stopped after a chunk',
  interrupted: 'interrupted',
  completed: 'completed',
  'completed-with-errors': 'completed with errors',
  abandoned: 'abandoned',
};

export const refreshStepWords: Record<RefreshProgress['step'], string> = {
  source: 'Source tables',
  views: 'Pending sets and contributors',
  org: 'Current values from Salesforce',
  compare: 'Diffs and explanations',
  checks: 'Checks',
  save: 'Saving the snapshot',
};

/** The three lists of what the last refresh did. */
export const sinceLastWords: Record<SinceLast['state'], { title: string; meaning: string; none: string }> = {
  added: { title: 'Added', meaning: 'pending now, not before', none: 'Nothing was added.' },
  changed: { title: 'Changed', meaning: 'pending before too, with other values or contributors', none: 'Nothing has changed.' },
  removed: { title: 'Removed', meaning: 'pending before, no longer', none: 'Nothing was removed.' },
};

export const metricWords: Record<MetricName, { name: string; of: string; isShare: boolean }> = {
  toCreate: { name: 'To create', of: 'pending changes', isShare: false },
  toUpdate: { name: 'To update', of: 'live staging records', isShare: false },
  p1Waiting: { name: 'P1 waiting', of: 'creates', isShare: false },
  activeMissing: { name: 'Active properties missing', of: 'active properties', isShare: false },
  coverage: { name: 'Coverage', of: 'active properties', isShare: true },
  accuracyByRecord: { name: 'Feature accuracy by record', of: 'records compared', isShare: true },
  accuracyByFlag: { name: 'Feature accuracy by flag', of: 'flags compared', isShare: true },
  multiPropertyGroups: { name: 'Multi-property groups', of: 'groups', isShare: false },
  errorRateLastRun: { name: 'Error rate, last run', of: 'records', isShare: true },
};

/** What a group of outcomes means and what to do, in plain words; Salesforce's own message is shown beside it. `isGivenUp`: the run was abandoned. */
export function errorGroupWords(group: ErrorGroup, isGivenUp: boolean): { title: string; meaning: string } {
  const known: Record<string, { title: string; meaning: string }> = {
    STRING_TOO_LONG: { title: 'A text is longer than Salesforce allows', meaning: 'Nothing was written for these. Shorten the text in RDS, then refresh.' },
    FIELD_CUSTOM_VALIDATION_EXCEPTION: { title: 'Refused by a validation rule in Salesforce', meaning: 'Nothing was written for these. Correct the value in RDS or hold them.' },
    REQUIRED_FIELD_MISSING: { title: 'A required field is blank', meaning: 'Nothing was written for these. Fill the field in RDS, then refresh.' },
    UNABLE_TO_LOCK_ROW: { title: 'Record was locked', meaning: 'Tried 3 times, alone and in order. Safe to try again.' },
    DUPLICATE_VALUE: { title: 'Already exists in Salesforce', meaning: 'Created by someone else since review. Nothing was written; they return as updates in the next snapshot.' },
    READ_BACK_DIFFERS: { title: 'Salesforce changed what was written', meaning: 'The record was written, but its read-back differs from the plan. Automation in Salesforce may have changed it.' },
    CHANGED_SINCE_REVIEW: { title: 'Changed in Salesforce since review', meaning: 'Left alone. Refresh and review them again with the new values.' },
    ALREADY_EXISTS: { title: 'Already exists in Salesforce', meaning: 'Left alone: an approved create never turns into an update. Refresh and review them as updates.' },
    ENTITY_IS_DELETED: { title: 'Deleted in Salesforce since review', meaning: 'Left alone. Refresh to see what the warehouse asks for now.' },
    INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: { title: 'The value is not in the picklist', meaning: 'Nothing was written for these. Add the value in Salesforce or correct it in RDS.' },
    INSUFFICIENT_ACCESS_OR_READONLY: { title: 'Not allowed to write the record', meaning: 'Nothing was written for these. Ask for the permission, then retry.' },
  };
  const words = known[group.code];
  if (words) return words;
  if (group.outcome === 'unknown' && isGivenUp) return { title: 'No answer from Salesforce', meaning: 'Not known whether these were written, and nobody looks them up any more. Refresh: what was not written is pending again.' };
  if (group.outcome === 'unknown') return { title: 'No answer from Salesforce', meaning: 'Not known yet whether these were written. They are looked up before anything is sent again; nothing is sent twice.' };
  if (group.outcome === 'stale') return { title: 'Changed since review', meaning: 'Left alone. Refresh and review them again.' };
  return { title: 'Refused by Salesforce', meaning: 'Nothing was written for these. Read what Salesforce says, correct the value or the org, then retry or hold them.' };
}
