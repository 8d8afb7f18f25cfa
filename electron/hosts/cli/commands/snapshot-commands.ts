import { sinceLastStates } from '../../../../shared/domain/snapshot.ts';
import { usageFailure } from '../arguments.ts';
import type { Command } from '../command.ts';
import { textTable } from '../text-table.ts';
import { shippingLine } from './audit-commands.ts';

const refresh: Command = {
  name: 'refresh',
  usage: '[--if-changed]',
  summary: 'Load a new snapshot from the warehouse and the org; with --if-changed only when a quick look finds something new',
  options: { 'if-changed': { type: 'boolean' } },
  async run({ args, open }) {
    const app = await open('write', { threads: true });
    const probe = args.flag('if-changed') ? await app.call('snapshot.probe', {}) : null;
    if (probe !== null && !probe.changed) return { json: { unchanged: true, probe }, text: [`Nothing has changed since ${probe.snapshotId}.`] };
    const { id, takenAt, ...numbers } = await app.call('snapshot.refresh', {});
    const text = [
      `Snapshot ${id}: ${numbers.creates} creates (${numbers.p1} P1), ${numbers.updates} updates (${numbers.featureMismatches} change a flag), ${numbers.unchanged} unchanged.`,
      `Since the last one: ${numbers.added} added, ${numbers.changed} changed, ${numbers.removed} removed. ${numbers.seconds.toFixed(1)} s.`,
      ...numbers.notices,
    ];
    return { json: { snapshot: { id, takenAt }, ...numbers, ...(probe === null ? {} : { unchanged: false, probe }) }, text };
  },
};

const status: Command = {
  name: 'status',
  usage: '',
  summary: 'Metrics, the snapshot, the pause switch (alerts and criteria: planned)',
  async run({ open }) {
    const app = await open('read');
    const [snapshot, pause, chain] = await Promise.all([app.ports.cache.snapshot(), app.ports.ledger.paused(), app.ports.ledger.chainHead()]);
    const [{ metrics }, shipping] = await Promise.all([app.call('status.metrics', {}), app.call('audit.shipping', {})]);
    const rows = Object.entries(metrics).map(([name, metric]) => [name, metric.value, metric.numerator, metric.denominator, metric.window]);
    return {
      json: { metrics, snapshot, paused: pause !== null, pause, chain, shipping, planned: ['alerts', 'criteria'] },
      text: [
        snapshot ? `Snapshot ${snapshot.id} of ${snapshot.takenAt}: ${snapshot.creates} creates, ${snapshot.updates} updates.` : 'No snapshot yet: run countersign refresh.',
        pause ? `Pushes are paused by ${pause.by} since ${pause.at}: ${pause.reason}` : 'Pushes are not paused.',
        shippingLine(shipping),
        ...textTable(['Metric', 'Value', 'Numerator', 'Denominator', 'Window'], rows),
      ],
    };
  },
};

const changes: Command = {
  name: 'changes',
  usage: '[--state added|changed|removed] [--limit N] [--after CURSOR]',
  summary: 'What the last refresh added, changed or removed',
  options: { state: { type: 'string' }, limit: { type: 'string' }, after: { type: 'string' } },
  async run({ args, open }) {
    const named = args.text('state');
    const state = sinceLastStates.find((known) => known === named);
    if (named !== undefined && state === undefined) throw usageFailure('--state takes added, changed or removed.', { option: 'state' });
    const limit = Math.min(args.number('limit', 1) ?? 200, 5_000);
    const after = args.text('after');
    const app = await open('read');
    const page = await app.call('snapshot.sinceLast', { limit, ...(state === undefined ? {} : { state }), ...(after === undefined ? {} : { after }) });
    const text = [...textTable(['State', 'Kind', 'Key', 'Name'], page.items.map((item) => [item.state, item.kind, item.key, item.name])), `${page.items.length} of ${page.total}.`];
    if (page.next !== null) text.push(`Next page: --after ${page.next}`);
    return { json: page, text };
  },
};

const pause: Command = {
  name: 'pause',
  usage: '--reason T',
  summary: 'Pause all pushes',
  options: { reason: { type: 'string' } },
  async run({ args, open }) {
    const reason = args.text('reason');
    if (!reason?.trim()) throw usageFailure('--reason is missing: say why the pushes are paused.', { option: 'reason' });
    const app = await open('beside');
    await app.call('pushes.pause', { reason });
    return { json: { paused: true, pause: await app.ports.ledger.paused() }, text: ['All pushes are paused.'] };
  },
};

const unpause: Command = {
  name: 'unpause',
  usage: '[--reason T]',
  summary: 'Let pushes run again',
  options: { reason: { type: 'string' } },
  async run({ args, open }) {
    const reason = args.text('reason');
    const app = await open('beside');
    await app.call('pushes.unpause', reason === undefined ? {} : { reason });
    return { json: { paused: false }, text: ['Pushes may run again.'] };
  },
};

export const snapshotCommands: readonly Command[] = [refresh, changes, status, pause, unpause];
