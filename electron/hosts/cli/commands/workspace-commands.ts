import { usageFailure } from '../arguments.ts';
import type { Command } from '../command.ts';

const init: Command = {
  name: 'init',
  usage: 'DIR (--sample [--properties N] [--seed S] | --config FILE)',
  summary: 'Make a workspace: a sample, or one from a config file',
  options: { sample: { type: 'boolean' }, config: { type: 'string' }, properties: { type: 'string' }, seed: { type: 'string' } },
  words: 1,
  async run({ args, say }) {
    const folder = args.word(0, 'The folder of the new workspace');
    const configFile = args.text('config');
    if (args.flag('sample') === (configFile !== undefined)) throw usageFailure('Give either --sample or --config FILE.');
    const properties = args.number('properties', 1, 10_000_000);
    const seed = args.text('seed');
    if (configFile !== undefined && (properties !== undefined || seed !== undefined)) throw usageFailure('--properties and --seed belong to --sample.');
    const { initWorkspace } = await import('../../workspace/init-workspace.ts');
    say(configFile === undefined ? 'Making the sample…' : 'Reading the source…');
    const made = await initWorkspace(
      configFile === undefined
        ? { folder, from: 'sample', ...(properties === undefined ? {} : { properties }), ...(seed === undefined ? {} : { seed }) }
        : { folder, from: 'config', configFile },
    );
    return { json: { workspace: made.folder, name: made.config.name }, text: [`Made the workspace ${made.folder}.`, `Next: countersign refresh -w ${made.folder}`] };
  },
};

const orgServe: Command = {
  name: 'org serve',
  usage: '[--port P]',
  summary: 'Serve the simulated org of the workspace until stopped',
  options: { port: { type: 'string' } },
  async run(context) {
    const { serveSimulatedOrg } = await import('../../workspace/serve-simulated-org.ts');
    await serveSimulatedOrg(context.folder(), context.args.number('port', 0, 65_535) ?? 0, context.signal, (org) =>
      context.announce({ json: org, text: [`Simulated org at ${org.url}`, `User name ${org.username}, password ${org.password}`, 'Stop with Ctrl-C.'] }),
    );
    return null;
  },
};

const serve: Command = {
  name: 'serve',
  usage: '[--port P] [--read-only]',
  summary: 'Serve the app on a loopback page until stopped',
  options: { port: { type: 'string' }, 'read-only': { type: 'boolean' } },
  async run(context) {
    const { serveWorkspace } = await import('../../browser/serve-workspace.ts');
    await serveWorkspace({
      folder: context.folder(),
      port: context.args.number('port', 0, 65_535) ?? 0,
      readOnly: context.args.flag('read-only'),
      actor: context.args.text('as') ?? null,
      env: context.env,
      signal: context.signal,
      onReady: (url) => context.announce({ json: { url }, text: [`Countersign is at ${url}`, 'Open it in a browser on this machine. Stop with Ctrl-C.'] }),
    });
    return null;
  },
};

export const workspaceCommands: readonly Command[] = [init, orgServe, serve];
