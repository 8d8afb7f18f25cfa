import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { plainText } from '../text-table.ts';

const warehouseTest: Command = {
  name: 'warehouse test',
  usage: '',
  summary: 'Sign in to the warehouse and look for every grant that is needed; exit code 5 when something is missing',
  async run({ open }) {
    const app = await open('read');
    const report = await app.call('warehouse.test', {});
    const lines = report.checks.map(({ state, need, detail }) => plainText(`${state.padEnd(12)} ${need}${detail === null ? '' : `: ${detail}`}`));
    const grants = report.checks.flatMap(({ grant }) => (grant === null ? [] : [plainText(`${grant};`)]));
    const text = [
      plainText(`${report.address}${report.user === null ? '' : `, signed in as ${report.user}`}, ${report.seconds.toFixed(1)} s`),
      ...lines,
      ...(grants.length > 0 ? ['', 'An administrator can run:', ...grants, ''] : []),
      report.ok ? 'Everything that is needed is there.' : 'Something that is needed is missing.',
    ];
    return { json: report, text, exit: report.ok ? exitCodes.done : exitCodes.unreachable };
  },
};

export const warehouseCommands: readonly Command[] = [warehouseTest];
