import { numberOf, toMainSchema, type ToCore, type ToMain } from './core-messages.ts';
import { createKeystore } from './keystore.ts';
import { isWebAddress } from './security.ts';
import type { ElectronApi } from './start-desktop.ts';
import type { BrowserWindow, UtilityProcess } from 'electron';

/**
 * Answers what the core asks of a desktop: where to save a file, its secrets, opening a page in the browser; and tells
 * people why the core cannot start.
 *
 * Errors: whoever asks gets an answer: `unanswered` where the question cannot be understood or answering it fails. What
 *         was asked and why it failed is never repeated: it may hold a secret.
 */
export function answerCore(electron: ElectronApi, core: UtilityProcess, window: BrowserWindow): void {
  const { app, dialog, safeStorage, shell } = electron;
  const keystore = createKeystore({ safeStorage, folder: app.getPath('userData'), platform: process.platform });
  const answer = async (message: Extract<ToMain, { id: number }>): Promise<ToCore> => {
    const { id } = message;
    switch (message.type) {
      case 'choose-save-file': {
        const chosen = await dialog.showSaveDialog(window, { defaultPath: message.suggestedName });
        return { type: 'save-file', id, file: chosen.canceled ? null : chosen.filePath };
      }
      case 'get-secret':
        return { type: 'secret', id, ...(await keystore.get(message.name)) };
      case 'set-secret':
        return { type: 'secret', id, ...(await keystore.set(message.name, message.value)) };
      case 'open-external': {
        const done = isWebAddress(message.url) && (await shell.openExternal(message.url).then(() => true, () => false));
        return { type: 'opened', id, done };
      }
    }
  };
  const keepAwake = awakeKeeper(electron.powerSaveBlocker);
  core.on('exit', () => keepAwake(false));
  core.on('message', async (raw: unknown) => {
    const parsed = toMainSchema.safeParse(raw);
    if (!parsed.success) {
      const id = numberOf(raw);
      if (id !== null) core.postMessage({ type: 'unanswered', id } satisfies ToCore, []);
    } else if (parsed.data.type === 'at-work') {
      keepAwake(parsed.data.isAtWork);
    } else if (parsed.data.type === 'failed') {
      dialog.showErrorBox('Countersign cannot open this workspace', parsed.data.message);
    } else {
      const { id } = parsed.data;
      core.postMessage(await answer(parsed.data).catch((): ToCore => ({ type: 'unanswered', id })), []);
    }
  });
}

/** Keeps the machine awake while a run is at work; the screen may go dark. */
function awakeKeeper(blocker: ElectronApi['powerSaveBlocker']): (isAtWork: boolean) => void {
  let block: number | null = null;
  return (isAtWork) => {
    if (isAtWork) block ??= blocker.start('prevent-app-suspension');
    else if (block !== null) {
      blocker.stop(block);
      block = null;
    }
  };
}
