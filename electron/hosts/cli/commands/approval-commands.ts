import type { Command } from '../command.ts';
import { approvalAnswer } from './batch-commands.ts';

const exportPlan: Command = {
  name: 'batch export',
  usage: 'ID FILE',
  summary: 'Write a submitted plan to FILE, for an approver who works in another installation',
  words: 2,
  async run({ args, open }) {
    const id = args.word(0, 'The id of the batch');
    const saveTo = args.word(1, 'The file');
    const app = await open('write', { saveTo });
    const exported = await app.call('batch.export', { id });
    return {
      json: exported,
      text: [`Wrote the plan ${exported.hash} with ${exported.records} records to ${exported.file}.`, 'Next, in the approver\u2019s own workspace: countersign batch sign FILE OUT'],
    };
  },
};

const sign: Command = {
  name: 'batch sign',
  usage: 'FILE OUT [--expect HASH] [--note T]',
  summary: 'Approve an exported plan in your name: sign it with the key of this workspace, and write the approval to OUT',
  options: { expect: { type: 'string' }, note: { type: 'string' } },
  words: 2,
  async run({ args, open }) {
    const readFrom = args.word(0, 'The file with the plan');
    const saveTo = args.word(1, 'The file for the approval');
    const expect = args.text('expect');
    const note = args.text('note');
    const app = await open('write', { readFrom, saveTo });
    const signed = await app.call('batch.sign', { ...(expect === undefined ? {} : { expect }), ...(note === undefined ? {} : { note }) });
    return {
      json: signed,
      text: [
        `Approved the plan ${signed.hash} as ${signed.by}, until ${signed.expiresAt}. The approval is in ${signed.file}.`,
        `Key of this workspace: ${signed.fingerprint}. Tell it to who takes the approval in, by another way than the file.`,
      ],
    };
  },
};

const take: Command = {
  name: 'batch import',
  usage: 'FILE',
  summary: 'Take in an approval that was signed elsewhere; the first key seen for a name is pinned',
  words: 1,
  async run({ args, open }) {
    const readFrom = args.word(0, 'The file with the approval');
    const app = await open('write', { readFrom });
    return approvalAnswer(await app.call('batch.import', {}));
  },
};

export const approvalCommands: readonly Command[] = [exportPlan, sign, take];
