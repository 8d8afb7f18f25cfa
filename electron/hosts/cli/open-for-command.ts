import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { RunProgress } from '../../../shared/domain/batch.ts';
import type { RefreshProgress } from '../../../shared/domain/snapshot.ts';
import type { App } from '../../core/app.ts';
import { processLogger } from '../process-logger.ts';
import { sessionSecrets } from '../session-secrets.ts';
import { chooseWorkspace, readWorkspaceConfig } from '../workspace/workspace-folder.ts';
import { usageFailure, type CommandArguments } from './arguments.ts';
import type { CommandContext } from './command.ts';

const defaultIdentity = 'admin';

/** Opens the workspace of one command when it asks for it, and closes it at the end. */
export function openForCommand(args: CommandArguments, env: NodeJS.ProcessEnv, signal: AbortSignal): Pick<CommandContext, 'folder' | 'open'> & { close(): Promise<void> } {
  const closers: (() => Promise<void>)[] = [];
  const folder = (): string => chooseWorkspace(args.text('workspace'), env);

  const open: CommandContext['open'] = async (mode, { saveTo, readFrom, threads = false } = {}) => {
    const config = readWorkspaceConfig(folder());
    const as = args.text('as')?.trim();
    const actor = config.org.kind === 'simulated' ? as || defaultIdentity : null;
    if (as !== undefined && actor === null) throw usageFailure('--as names somebody only where the org is simulated; here you are the signed-in Salesforce user.', { option: 'as' });
    const [{ openWorkspace }, { createApp }] = await Promise.all([import('../workspace/open-workspace.ts'), import('../../core/app.ts')]);
    const workspace = await openWorkspace({
      folder: folder(),
      host: 'cli',
      mode,
      threads,
      logger: processLogger('error'),
      desktop: {
        chooseSaveFile: async () => (saveTo === undefined ? null : resolve(saveTo)),
        openFile: async () => (readFrom === undefined ? null : readChunks(readFrom)),
        openExternal: async () => false,
      },
      secrets: sessionSecrets(),
      env,
    });
    closers.push(workspace.close);
    const app = await createApp(workspace.ports);
    closers.push(() => closeApp(app, workspace.ports.auditTable.place, signal));
    reportProgress(app);
    return { ports: workspace.ports, call: (name, input) => app.call(name, input, { actor, signal }) };
  };

  return {
    folder,
    open,
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** The bytes of a file, piece by piece. */
async function* readChunks(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(resolve(file)) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw usageFailure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`, { file });
  }
}

/** Ends the app, and says what could not be copied of the audit log by then. Ctrl-C skips the copy. */
async function closeApp(app: App, place: string, signal: AbortSignal): Promise<void> {
  let waiting = 0;
  app.onEvent((name, payload) => {
    if (name === 'audit.shipped') waiting = (payload as { backlog: number }).backlog;
  });
  await app.close(signal);
  if (waiting > 0) process.stderr.write(`${waiting} audit events wait to be copied to ${place}\n`);
}

/** Says on stderr which step is under way, and each chunk of a push. */
function reportProgress(app: App): void {
  let last = '';
  const say = (line: string): void => {
    if (line === last) return;
    last = line;
    process.stderr.write(`${line}\n`);
  };
  app.onEvent((name, payload) => {
    if (name === 'snapshot.progress') say(`Refresh: ${(payload as RefreshProgress).step}`);
    if (name === 'run.progress') say(progressLine(payload as RunProgress));
  });
}

/** One line of a push: where it is, or why it waits and until when. */
export function progressLine({ chunk, chunks, counts, phase, waitsFor, waitsUntil }: RunProgress): string {
  if (phase === 'waiting' && waitsUntil !== null) {
    const why = waitsFor === 'late-effect' ? 'the answer to a call was lost, and Salesforce may still be working on it' : 'Salesforce refused a call for now, and it is sent again';
    return `Push: waiting until ${waitsUntil}: ${why}`;
  }
  return `Push: chunk ${chunk} of ${chunks}, ${counts.planned - counts.notSent} of ${counts.planned} records`;
}
