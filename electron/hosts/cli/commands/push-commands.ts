import { outcomes, type Outcome } from '../../../../shared/domain/outcome.ts';
import { pushModes, type Run } from '../../../../shared/domain/batch.ts';
import { usageFailure } from '../arguments.ts';
import type { Command, CommandAnswer } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { textTable } from '../text-table.ts';

const push: Command = {
  name: 'push',
  usage: 'ID [--confirm "ORGNAME:C+U"] [--mode auto|collections|bulk|strict]',
  summary: 'Push an approved batch to Salesforce; Ctrl-C stops after the current chunk',
  options: { confirm: { type: 'string' }, mode: { type: 'string' } },
  words: 1,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const mode = pushModes.find((known) => known === (args.text('mode') ?? 'auto'));
    if (mode === undefined) throw usageFailure(`--mode takes ${pushModes.join(', ')}.`, { option: 'mode' });
    const confirm = args.text('confirm');
    const app = await open('write');
    return runAnswer(await app.call('batch.push', { id, mode, ...(confirm === undefined ? {} : { confirm }) }));
  },
};

const resume: Command = {
  name: 'resume',
  usage: '[RUN]',
  summary: 'Finish an interrupted run; open intents are looked up in Salesforce first',
  words: 1,
  async run({ args, open }) {
    const runId = args.words[0];
    const app = await open('write');
    return runAnswer(await app.call('run.resume', runId === undefined ? {} : { runId }));
  },
};

const abandon: Command = {
  name: 'abandon',
  usage: 'RUN --reason T',
  summary: 'End a run that stands still for good: what was not sent stays unsent, and its batch is aborted',
  options: { reason: { type: 'string' } },
  words: 1,
  async run({ args, open }) {
    const runId = args.word(0, 'The id of the run');
    const reason = args.text('reason');
    if (!reason?.trim()) throw usageFailure('--reason is missing: say why the run is abandoned.', { option: 'reason' });
    const app = await open('write');
    return runAnswer(await app.call('run.abandon', { runId, reason }));
  },
};

const retry: Command = {
  name: 'retry',
  usage: 'ID [--confirm "ORGNAME:C+U"]',
  summary: 'Push again only what failed in a batch',
  options: { confirm: { type: 'string' } },
  words: 1,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const confirm = args.text('confirm');
    const app = await open('write');
    return runAnswer(await app.call('batch.retry', { id, ...(confirm === undefined ? {} : { confirm }) }));
  },
};

const outcomesOf: Command = {
  name: 'outcomes',
  usage: 'ID [--state succeeded|failed|stale|skipped|unknown|notSent]',
  summary: 'What became of each record of a batch',
  options: { state: { type: 'string' } },
  words: 1,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const outcome = outcomeNamed(args.text('state'));
    const app = await open('read');
    const items = [];
    let total = 0;
    for (let after: string | null | undefined; after !== null; ) {
      const page = await app.call('batches.records', { id, limit: 5_000, ...(outcome === undefined ? {} : { outcome }), ...(after === undefined ? {} : { after }) });
      items.push(...page.items);
      total = page.total;
      after = page.next;
    }
    const rows = items.map((item) => [item.key, item.operation, item.outcome, item.code, item.message, item.salesforceId, item.attempts]);
    return { json: { total, items }, text: textTable(['Key', 'Operation', 'Outcome', 'Code', 'Message', 'Salesforce id', 'Attempts'], rows) };
  },
};

function outcomeNamed(text: string | undefined): Outcome | undefined {
  if (text === undefined) return undefined;
  const outcome = outcomes.find((known) => known === text || (text === 'not-sent' && known === 'notSent'));
  if (outcome === undefined) throw usageFailure(`--state takes ${outcomes.join(', ')}.`, { option: 'state' });
  return outcome;
}

function runAnswer(run: Run): CommandAnswer {
  const { counts } = run;
  const isOpen = run.state === 'stopped' || run.state === 'interrupted';
  const isPartly = counts.failed + counts.stale + counts.unknown > 0 || run.state === 'abandoned';
  const isInVain = counts.succeeded === 0 && isPartly;
  const text = [
    `Run ${run.id} of ${run.batchId}: ${run.state}${isInVain ? ', nothing succeeded' : ''}, ${run.mode}, ${run.apiCalls} API calls, ${run.seconds.toFixed(1)} s.`,
    ...(run.why === null ? [] : [`Mode ${run.mode}: ${run.why}`]),
    `${counts.planned} planned = ${counts.succeeded} succeeded + ${counts.failed} failed + ${counts.stale} stale + ${counts.skipped} skipped + ${counts.unknown} unknown + ${counts.notSent} not sent.`,
  ];
  if (run.stopReason !== null) text.push(isOpen ? `It stands still: ${run.stopReason.message}` : run.stopReason.message);
  if (isOpen) text.push(`Go on with: countersign resume ${run.id}`);
  if (run.state === 'abandoned' && counts.notSent > 0) text.push(`What was not sent can be drawn anew: countersign batch create NAME --keys K,… (countersign outcomes ${run.batchId} --state notSent lists them)`);
  const { id, batchId, state, mode, why, stopReason, apiCalls, writeCalls, seconds } = run;
  return {
    json: { run: { id, batchId, state, mode, why, stopReason }, ...counts, apiCalls, writeCalls, seconds },
    text,
    exit: isOpen ? exitOfStop(run) : isPartly ? exitCodes.partly : exitCodes.done,
  };
}

/** A run that a person stopped is interrupted; one that stands still because of the org says that the org is the matter. */
function exitOfStop({ stopReason }: Run): ExitCode {
  const byPerson = ['stop-requested', 'paused', 'interrupted'];
  return stopReason === null || byPerson.includes(stopReason.code) ? exitCodes.interrupted : exitCodes.unreachable;
}

export const pushCommands: readonly Command[] = [push, resume, abandon, retry, outcomesOf];
