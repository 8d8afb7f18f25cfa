/**
 * Entry point of the core in the desktop app: a utility process, so that no work of the core can hold up a window and no
 * crash of a window ends a push. It gets the page's port from the main process and serves it like any other client.
 */
import type { MessagePortMain, ParentPort } from 'electron';
import type { EventPayload } from '../../../shared/contract.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { createApp, type App } from '../../core/app.ts';
import { connectClient, type ClientPipe } from '../../core/router.ts';
import { processLogger } from '../process-logger.ts';
import { closeAll } from '../workspace/close-all.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import { askMain, type MainServices } from './ask-main.ts';
import { numberOf, toCoreSchema, type ToMain } from './core-messages.ts';

export interface CoreProcessOptions {
  folder: string;
  parent: Pick<ParentPort, 'on' | 'postMessage'>;
  env: Readonly<Record<string, string | undefined>>;
  exit(code: number): void;
}

/** Opens the workspace and serves the pages whose ports the main process hands over. */
export async function runCoreProcess({ folder, parent, env, exit }: CoreProcessOptions): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process has no origin
  const tell = (message: ToMain): void => parent.postMessage(message);
  const main = askMain(tell);
  const opening = openApp(folder, env, main);

  parent.on('message', (event) => {
    const parsed = toCoreSchema.safeParse(event.data);
    if (!parsed.success) {
      const id = numberOf(event.data);
      if (id !== null) main.settle({ type: 'unanswered', id });
      return;
    }
    const message = parsed.data;
    if (message.type === 'connect') {
      const port = event.ports[0];
      if (port) void opening.then(({ app, actor }) => connectClient(app, pipeOf(port), actor)).catch(() => port.close());
    } else if (message.type === 'close') {
      void opening.then(({ close }) => close()).finally(() => exit(0));
    } else {
      main.settle(message);
    }
  });
  try {
    const { app } = await opening;
    app.onEvent((name, payload) => {
      if (name === 'run.progress') tell({ type: 'at-work', isAtWork: (payload as EventPayload<'run.progress'>).state === 'running' });
    });
  } catch (error) {
    tell({ type: 'failed', message: error instanceof AppFailure ? error.message : 'The workspace cannot be opened.' });
    exit(1);
  }
}

async function openApp(folder: string, env: CoreProcessOptions['env'], { desktop, secrets }: MainServices): Promise<{ app: App; actor: string | null; close(): Promise<void> }> {
  const workspace = await openWorkspace({ folder, host: 'desktop', mode: 'write', threads: true, logger: processLogger('warn'), desktop, secrets, env });
  const app = await createApp(workspace.ports);
  const close = (): Promise<void> => closeAll([() => app.close(), () => workspace.close()]);
  return { app, actor: app.canSwitchIdentity ? 'admin' : null, close };
}

function pipeOf(port: MessagePortMain): ClientPipe {
  port.start();
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origin
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', (event) => listener(event.data, null)),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}
