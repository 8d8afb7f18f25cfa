import type { AuditEvent, ChainReport } from '../../../../shared/domain/audit-event.ts';
import type { Shipping } from '../../../../shared/domain/warehouse.ts';
import { usageFailure } from '../arguments.ts';
import type { Command, CommandAnswer } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { textTable } from '../text-table.ts';

const list: Command = {
  name: 'audit list',
  usage: '[--key K] [--batch ID] [--limit N]',
  summary: 'Events of the audit log, newest first',
  options: { key: { type: 'string' }, batch: { type: 'string' }, limit: { type: 'string' } },
  async run({ args, open }) {
    const key = args.text('key');
    const batchId = args.text('batch');
    const most = args.number('limit', 1) ?? Number.POSITIVE_INFINITY;
    const app = await open('read');
    const events: AuditEvent[] = [];
    let next: number | null | undefined;
    let total = 0;
    while (next !== null && events.length < most) {
      const limit = Math.min(5_000, most - events.length);
      const page = await app.call('audit.page', { limit, ...(key === undefined ? {} : { key }), ...(batchId === undefined ? {} : { batchId }), ...(next === undefined ? {} : { before: next }) });
      events.push(...page.events);
      total = page.total;
      next = page.next;
    }
    const rows = events.map((event) => [event.seq, event.at, event.actor, event.type, event.batchId, event.keys.length === 1 ? event.keys[0] : event.keys.length === 0 ? '' : `${event.keys.length} records`]);
    return { json: { total, events, next }, text: textTable(['No.', 'At', 'Who', 'Event', 'Batch', 'Record'], rows) };
  },
};

const verify: Command = {
  name: 'audit verify',
  usage: '[--anchor] [--file F.jsonl]',
  summary: 'Check the chain of the audit log, or of an exported file, also against the copy in the warehouse; --anchor: which must answer. Exit code 6 when it is broken',
  options: { file: { type: 'string' }, anchor: { type: 'boolean' } },
  async run({ args, open, signal }) {
    const file = args.text('file');
    const isRequired = args.flag('anchor');
    if (file === undefined) return reportAnswer(await (await open('read')).call('audit.verify', { anchor: isRequired ? 'required' : 'ask' }));
    const { verifyExportedFile } = await import('../verify-exported-file.ts');
    return reportAnswer(await verifyExportedFile(file, isRequired ? { table: (await open('read')).ports.auditTable, signal } : null));
  },
};

const anchor: Command = {
  name: 'audit anchor',
  usage: '',
  summary: "Copy what waits of the audit log, and the chain's signed head, to the warehouse",
  async run({ open }) {
    const app = await open('write');
    const shipping = await app.call('audit.anchor', {});
    return { json: shipping, text: [shippingLine(shipping), anchorLine(shipping)] };
  },
};

/** How far the audit log was copied, and why not further; one line. */
export function shippingLine({ shipped, events, backlog, place, failure }: Shipping): string {
  const line = `Audit log: ${shipped} of ${events} events are copied to ${place}; ${backlog} wait.`;
  return failure === null ? line : `${line} The last try failed at ${failure.at}: ${failure.message}`;
}

function anchorLine({ anchor: anchored }: Shipping): string {
  return anchored === null ? 'Its head was not anchored yet.' : `Its head is anchored at event ${anchored.seq} (${anchored.head}), signed ${anchored.at}.`;
}

const exportFile: Command = {
  name: 'audit export',
  usage: 'FILE',
  summary: 'Write the audit log to FILE: .jsonl (complete and verifiable, its signed checkpoints in a second file beside it) or .csv',
  words: 1,
  async run({ args, open }) {
    const file = args.word(0, 'The file');
    const format = /\.(jsonl|csv)$/iu.exec(file)?.[1]?.toLowerCase();
    if (format !== 'jsonl' && format !== 'csv') throw usageFailure('The file must end in .jsonl or .csv.');
    const app = await open('write', { saveTo: file });
    const exported = await app.call('audit.export', { format });
    return { json: exported, text: [`Wrote ${exported.events} events to ${exported.file}.`] };
  },
};

function reportAnswer(report: ChainReport): CommandAnswer {
  const { firstBad, anchor: anchored } = report;
  const text = report.ok
    ? [`The chain is whole: ${report.events} events, ${report.checkpoints} signed checkpoints, head ${report.head}.`]
    : [`The chain is broken at event ${firstBad?.seq} (${firstBad?.problem}): ${firstBad?.text}`];
  if (anchored.text !== null) text.push(anchored.text);
  text.push(...report.warnings);
  return { json: report, text, exit: report.ok ? exitCodes.done : exitCodes.verification };
}

export const auditCommands: readonly Command[] = [list, verify, exportFile, anchor];
