import type { Command } from './command.ts';
import { approvalCommands } from './commands/approval-commands.ts';
import { auditCommands } from './commands/audit-commands.ts';
import { batchCommands } from './commands/batch-commands.ts';
import { pushCommands } from './commands/push-commands.ts';
import { reviewCommands } from './commands/review-commands.ts';
import { snapshotCommands } from './commands/snapshot-commands.ts';
import { viewsCommands } from './commands/views-commands.ts';
import { warehouseCommands } from './commands/warehouse-commands.ts';
import { workspaceCommands } from './commands/workspace-commands.ts';

const planned: readonly Command[] = [
  { name: 'rollback', usage: 'ID [--keys K,…] [--fields F,…] [--creates delete|blank|leave]', summary: 'Draft the inverse batch', run: null },
  { name: 'correct', usage: 'KEY FIELD=VALUE… --reason T', summary: 'Correct a record by hand', run: null },
  { name: 'corrections', usage: '', summary: 'List corrections', run: null },
  { name: 'bundle export', usage: 'FILE [--batch ID] [--mask F,…]', summary: 'Write an offline bundle', run: null },
  { name: 'bundle verify', usage: 'FILE', summary: 'Verify a bundle', run: null },
  { name: 'bundle open', usage: 'FILE', summary: 'Open a bundle read-only', run: null },
  { name: 'report', usage: 'FILE (--batch ID | --incident)', summary: 'Write a report', run: null },
];

/** Every command of the command line, in the order of the pipeline; `run: null` marks those of a later version. */
export const commandTable: readonly Command[] = [...workspaceCommands, ...snapshotCommands, ...reviewCommands, ...batchCommands, ...approvalCommands, ...pushCommands, ...auditCommands, ...viewsCommands, ...warehouseCommands, ...planned];

/** Finds the command that the words begin with; of two the longer name wins. */
export function findCommand(words: readonly string[]): { command: Command; length: number } | null {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const command = commandTable.find((known) => known.name === name);
    if (command && words.length >= length) return { command, length };
  }
  return null;
}

/** The text of `--help`, of all commands or of one. */
export function helpText(command: Command | null): string[] {
  if (command) return [`countersign ${command.name} ${command.usage}`.trimEnd(), '', command.summary + (command.run ? '.' : ' (planned, not in this version).'), '', ...generalHelp];
  const lines = (commands: readonly Command[]): string[] => commands.map((known) => `  ${`${known.name} ${known.usage}`.trimEnd()}\n      ${known.summary}`);
  return [
    'countersign: review, approve, push and prove Salesforce changes',
    '',
    'Commands',
    ...lines(commandTable.filter((known) => known.run !== null)),
    '',
    'Planned, not in this version',
    ...lines(commandTable.filter((known) => known.run === null)),
    '',
    ...generalHelp,
  ];
}

const generalHelp = [
  'General options',
  '  -w, --workspace DIR   the workspace (default: $COUNTERSIGN_WORKSPACE)',
  '  --json                one JSON document on stdout, nothing else there',
  '  --as NAME             who you are, in workspaces with a simulated org (default: admin)',
  '  --yes                 answer yes where asked; never skips a production confirmation',
  '  -h, --help            this text',
  '',
  'Exit codes: 0 done, 1 unexpected, 2 usage, 3 refused by a rule, 4 some records failed, are stale or unknown,',
  '5 source or org unreachable or not signed in, 6 verification failed, 130 interrupted (resumable).',
];
