import type { AuditEvent, ChainReport } from '../../../../shared/domain/audit-event.ts';
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
  usage: '[--file F.jsonl]',
  summary: 'Check the chain of the audit log, or of an exported file; exit code 6 when it is broken',
  options: { file: { type: 'string' } },
  async run({ args, open }) {
    const file = args.text('file');
    if (file === undefined) return reportAnswer(await (await open('read')).call('audit.verify', {}));
    const { verifyExportedFile } = await import('../verify-exported-file.ts');
    return reportAnswer(await verifyExportedFile(file));
  },
};

const exportFile: Command = {
  name: 'audit export',
  usage: 'FILE',
  summary: 'Write the audit log to FILE: .jsonl (complete and verifiable) or .csv',
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
  const { firstBad } = report;
  const text = report.ok
    ? [`The chain is whole: ${report.events} events, ${report.checkpoints} signed checkpoints, head ${report.head}.`]
    : [`The chain is broken at event ${firstBad?.seq} (${firstBad?.problem}): ${firstBad?.text}`];
  return { json: report, text, exit: report.ok ? exitCodes.done : exitCodes.verification };
}

export const auditCommands: readonly Command[] = [list, verify, exportFile];
