import type { Batch, Draw } from '../../../../shared/domain/batch.ts';
import { readPilot, splitKeys, usageFailure, type CommandArguments } from '../arguments.ts';
import type { Command, CommandAnswer } from '../command.ts';
import { textTable } from '../text-table.ts';

const create: Command = {
  name: 'batch create',
  usage: 'NAME (--pilot C+U [--seed S] | --all-approved | --keys K,… | --filter EXPR)',
  summary: 'Make a draft batch',
  options: { pilot: { type: 'string' }, seed: { type: 'string' }, 'all-approved': { type: 'boolean' }, keys: { type: 'string', multiple: true }, filter: { type: 'string' } },
  words: 1,
  async run({ args, open }) {
    const name = args.word(0, 'The name of the batch');
    const draw = drawOf(args);
    const app = await open('write');
    return batchAnswer(await app.call('batch.create', { name, draw }));
  },
};

const submit: Command = {
  name: 'batch submit',
  usage: 'ID [--override-pilot REASON]',
  summary: 'Freeze the plan of a draft and give it a hash',
  options: { 'override-pilot': { type: 'string' } },
  words: 1,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const overridePilot = args.text('override-pilot');
    const app = await open('write');
    const batch = await app.call('batch.submit', { id, ...(overridePilot === undefined ? {} : { overridePilot }) });
    const { planHash: hash, creates, updates, fields, state } = batch;
    return {
      json: { plan: { hash, creates, updates, fields }, state, batch },
      text: [`Plan ${hash}: ${creates} creates, ${updates} updates, ${fields} field values.`, `Next: countersign batch approve ${id} --expect ${hash?.slice(0, 12)}`],
    };
  },
};

const approve: Command = {
  name: 'batch approve',
  usage: 'ID [--expect HASH]',
  summary: 'Approve a submitted plan as the current identity',
  options: { expect: { type: 'string' } },
  words: 1,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const expect = args.text('expect');
    const app = await open('write');
    return approvalAnswer(await app.call('batch.approve', { id, ...(expect === undefined ? {} : { expect }) }));
  },
};

const reject: Command = {
  name: 'batch reject',
  usage: 'ID --reason T',
  summary: 'Reject a submitted plan',
  options: { reason: { type: 'string' } },
  words: 1,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const reason = args.text('reason');
    if (!reason?.trim()) throw usageFailure('--reason is missing: say why the plan is rejected.', { option: 'reason' });
    const app = await open('write');
    return approvalAnswer(await app.call('batch.reject', { id, reason }));
  },
};

const withdraw: Command = {
  name: 'batch withdraw',
  usage: 'ID',
  summary: 'Take a submitted batch back to draft',
  words: 1,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const app = await open('write');
    return batchAnswer(await app.call('batch.withdraw', { id }));
  },
};

const remove: Command = {
  name: 'batch delete',
  usage: 'ID',
  summary: 'Delete a draft',
  words: 1,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const app = await open('write');
    await app.call('batch.delete', { id });
    return { json: { deleted: id }, text: [`Deleted the draft ${id}.`] };
  },
};

const list: Command = {
  name: 'batch list',
  usage: '',
  summary: 'All batches with their states and counts',
  async run({ open }) {
    const app = await open('read');
    const { batches } = await app.call('batches.list', {});
    const rows = batches.map((batch) => [batch.id, batch.name, batch.state, batch.creates, batch.updates, batch.outcomes?.succeeded, batch.outcomes?.failed]);
    return { json: { batches }, text: textTable(['Id', 'Name', 'State', 'Creates', 'Updates', 'Succeeded', 'Failed'], rows) };
  },
};

const show: Command = {
  name: 'batch show',
  usage: 'ID',
  summary: 'One batch: state, approvals, runs, outcomes, gates, timeline',
  words: 1,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const app = await open('read');
    const { batch, ...detail } = await app.call('batches.show', { id });
    const text = [
      ...batchText(batch),
      ...batch.approvals.map(approvalText),
      ...detail.preflight.map((item) => `${item.state}: ${item.text}`),
      ...detail.timeline.map((event) => `${event.at}  ${event.actor}  ${event.summary}`),
    ];
    return { json: { batch, outcomes: batch.outcomes, ...detail }, text };
  },
};

function drawOf(args: CommandArguments): Draw {
  const pilot = args.text('pilot');
  const filter = args.text('filter');
  const keys = splitKeys(args.texts('keys'));
  const ways = [pilot !== undefined, args.flag('all-approved'), keys.length > 0, filter !== undefined].filter(Boolean).length;
  if (ways !== 1) throw usageFailure('Give exactly one of --pilot, --all-approved, --keys, --filter.');
  const seed = args.text('seed');
  if (seed !== undefined && pilot === undefined) throw usageFailure('--seed belongs to --pilot.', { option: 'seed' });
  if (pilot !== undefined) return { by: 'pilot', ...readPilot(pilot), seed: seed ?? '1' };
  if (keys.length > 0) return { by: 'keys', keys };
  return filter === undefined ? { by: 'all-approved' } : { by: 'filter', filter };
}

function approvalText({ by, at, expiresAt, key }: Batch['approvals'][number]): string {
  return `Approved by ${by} at ${at}, until ${expiresAt}.${key === undefined ? '' : ` Signed elsewhere with the key ${key}.`}`;
}

function batchText(batch: Batch): string[] {
  const counts = batch.outcomes;
  const lines = [`${batch.id} "${batch.name}": ${batch.state}, ${batch.creates} creates, ${batch.updates} updates${batch.planHash === null ? '' : `, plan ${batch.planHash}`}.`];
  if (counts) lines.push(`${counts.planned} planned = ${counts.succeeded} succeeded + ${counts.failed} failed + ${counts.stale} stale + ${counts.skipped} skipped + ${counts.unknown} unknown + ${counts.notSent} not sent.`);
  return lines;
}

function batchAnswer(batch: Batch): CommandAnswer {
  return { json: { batch }, text: batchText(batch) };
}

/** The approvals of a batch, for the commands that add one or drop them. */
export function approvalAnswer(batch: Batch): CommandAnswer {
  return { json: { approvals: batch.approvals, state: batch.state, hash: batch.planHash, batch }, text: [...batchText(batch), ...batch.approvals.map(approvalText)] };
}

export const batchCommands: readonly Command[] = [create, submit, approve, reject, withdraw, remove, list, show];
