import type { AppInfo, CallInput, CallOutput } from '../../shared/contract.ts';
import type { AuditEvent, ChainReport } from '../../shared/domain/audit-event.ts';
import type { FakeState } from './fake-client.ts';
import { shippingOf } from './fake-warehouse.ts';
import { keyOf, testMapping } from './made-up-changes.ts';

/** The answer of `app.info`. */
export function infoOf(state: FakeState): AppInfo {
  const creates = Math.floor(state.total / 9);
  return {
    version: '0.1.0',
    host: 'browser',
    workspace: { name: 'Rollout', folder: '/made-up' },
    org: { id: '00D5f000004aXyZ', name: 'Snappt', environment: state.environment, url: 'https://snappt.my.salesforce.com' },
    warehouse: { kind: state.warehouse, source: state.warehouse === 'embedded' ? 'sample' : 'dbc-a1b2c3d4.cloud.databricks.com' },
    identity: state.identity,
    canSwitchIdentity: true,
    readOnly: state.readOnly,
    paused: state.paused,
    auditBacklog: { events: shippingOf(state).backlog, failing: shippingOf(state).failure !== null },
    snapshot: state.hasSnapshot
      ? {
          id: 'S-0139',
          takenAt: new Date().toISOString(),
          creates,
          updates: state.total - creates,
          unchanged: 12,
          p1: 100,
          featureMismatches: 200,
          multiPropertyGroups: 50,
          multiPropertyMembers: 120,
          added: 12,
          changed: 41,
          removed: 0,
          activeProperties: 12_000,
          rows: { properties: 13_000, propertyFeatures: 20_000, productProperty: 11_000, orgRecords: 11_000 },
          seconds: 4.2,
          notices: [],
          readFrom: { source: null, org: null, rules: null },
        }
      : null,
    api: { used: 1_204, limit: 100_000 },
    chain: { events: 12_480, head: 'd40c77e1'.repeat(8) },
    mapping: testMapping,
    openBatches: 1,
    blockers: 30,
    interruptedRun: state.scene === 'interrupted' || state.scene === 'stopped' ? 'R-31' : null,
  };
}

/** The answer of `checks.list`. */
export function checkResults(): CallOutput<'checks.list'> {
  const base = { fix: 'Correct it in RDS, then refresh.', details: [] };
  return {
    checks: [
      { ...base, id: 'duplicate-key', severity: 'blocker', meaning: 'Two RDS properties have this id', subject: 'pending', count: 30, passed: false, keys: [keyOf(7), keyOf(107)], details: ['two rows', null] },
      { ...base, id: 'feature-on-disabled-property', severity: 'warning', meaning: 'Feature on for a DISABLED property', subject: 'pending', count: 970, passed: false, keys: [keyOf(0)], details: [null] },
      { ...base, id: 'unknown-status', severity: 'warning', meaning: 'Status is not one of the known ones', subject: 'property', count: 2, passed: false, keys: ['x-1', 'x-2'], details: ['ARCHIVED', null] },
      { ...base, id: 'union-rule', severity: 'blocker', meaning: 'A flag is TRUE if any ACTIVE property has it', subject: 'pending', count: 0, passed: true, keys: [], details: [] },
    ],
    blockers: 30,
    warnings: 972,
    notChecked: ['Salesforce validation rules', 'Triggers and flows'],
  };
}

/** The answer of `settings.get`. */
export function settingsOf(state: FakeState): CallOutput<'settings.get'> {
  return {
    policy: state.policy,
    thresholds: { missing: 100, backlog: 200, errorRate: 0.05, accuracy: 0.95 },
    mapping: testMapping,
    connections: [
      state.warehouse === 'embedded'
        ? { id: 'warehouse', kind: 'embedded', address: 'sample', place: null, secret: 'none needed' }
        : { id: 'warehouse', kind: 'databricks', address: 'dbc-a1b2c3d4.cloud.databricks.com', place: 'main.countersign', secret: 'from the environment' },
      { id: 'org', kind: 'simulated', address: 'http://127.0.0.1:4000', place: null, secret: 'none needed' },
    ],
  };
}

function eventAt(seq: number): AuditEvent {
  const isPush = seq % 10 === 0;
  return {
    v: 1,
    seq,
    id: `e-${seq}`,
    lineage: 'l-1',
    at: new Date(Date.UTC(2026, 10, 23, 0, seq % 600)).toISOString(),
    type: isPush ? 'record.pushed' : 'decision.made',
    actor: seq % 2 === 0 ? 'Admin A' : 'Countersign',
    batchId: isPush ? 'B-1' : null,
    runId: isPush ? '31' : null,
    keys: [keyOf(seq % 50)],
    data: isPush ? { before: { Identity_Verification_Enabled__c: false, Address__c: '1245 Kennedy St' }, after: { Identity_Verification_Enabled__c: true, Address__c: '1245 Kennedy Street' }, outcome: 'succeeded', salesforceId: 'a1B5f00000KtPk1' } : { decision: 'approve', count: 1 },
    prev: 'c03ad6e5'.repeat(8),
    hash: '91ee62b8'.repeat(8),
  };
}

function verifyReport(state: FakeState): ChainReport {
  const anchor = { seq: 490, head: '5c9a1d20'.repeat(8), at: '2026-11-23T09:30:00.000Z' };
  const report: ChainReport = { ok: true, events: 500, head: 'd40c77e1'.repeat(8), checkpoints: 1, lastCheckpoint: { seq: 400, head: 'aa11bb22'.repeat(8), at: '2026-11-23T09:00:00.000Z' }, firstBad: null, anchor: { ...anchor, state: 'agrees', text: null }, warnings: [], seconds: 0.2 };
  if (state.audit === 'none') return { ...report, anchor: { state: 'none', seq: null, head: null, at: null, text: null } };
  if (state.audit === 'truncated') return { ...report, ok: false, events: 470, firstBad: { seq: 470, problem: 'truncated', text: 'The warehouse holds events after event 470.' }, anchor: { ...anchor, state: 'disagrees', text: 'The anchor stands at event 490.' } };
  if (state.audit === 'fork') return { ...report, ok: false, firstBad: { seq: 481, problem: 'forked', text: 'The warehouse holds another event 481.' }, anchor: { ...anchor, state: 'disagrees', text: 'The anchor is of another event 490.' } };
  return report;
}

/** The audit calls over 500 made-up events. */
export function auditDoubles(state: FakeState) {
  const events = Array.from({ length: 500 }, (_, index) => eventAt(index + 1)).reverse();
  return {
    'audit.page': (input: CallInput<'audit.page'>) => {
      const matching = events.filter((event) => (input.key === undefined || event.keys.includes(input.key)) && (input.type === undefined || event.type === input.type) && (input.actor === undefined || event.actor === input.actor) && (input.text === undefined || JSON.stringify(event).toLowerCase().includes(input.text.toLowerCase())));
      const page = matching.filter((event) => input.before === undefined || event.seq < input.before).slice(0, input.limit ?? 100);
      const last = page.at(-1);
      return { total: matching.length, events: page, next: last && matching.at(-1) !== last ? last.seq : null };
    },
    'audit.checkpoints': () => ({ checkpoints: [{ seq: 400, head: 'aa11bb22'.repeat(8), at: '2026-11-23T09:00:00.000Z', signature: 'c2lnbmF0dXJl' }], publicKey: 'cHVibGljIGtleQ==' }),
    'audit.verify': () => verifyReport(state),
    'audit.export': (input: CallInput<'audit.export'>) => ({ file: `/made-up/audit-${state.identity}.${input.format}`, events: 500 }),
  };
}
