import * as electron from 'electron';
import { fileURLToPath } from 'node:url';
import { startDesktop } from './start-desktop.ts';

// Built into desktop/dist, beside preload and core entry; the page is built by the renderer.
const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Not awaited: Electron becomes ready only after this module has been evaluated.
void startDesktop(electron, {
  page: place('../../../../renderer/dist'),
  preload: place('./preload.cjs'),
  coreEntry: place('../core-entry.ts'),
  workspace: process.env['COUNTERSIGN_WORKSPACE'] ?? '',
}).catch((error: unknown) => {
  electron.dialog.showErrorBox('Countersign cannot start', error instanceof Error ? error.message : String(error));
  electron.app.exit(1);
});
