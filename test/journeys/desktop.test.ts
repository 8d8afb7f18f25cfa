import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { builtPage } from '../../electron/hosts/browser/built-page.ts';
import { builtDesktop } from '../../electron/hosts/desktop/built-desktop.ts';
import { findElectron } from '../../electron/hosts/start-app.ts';
import { makeSample, removeWorkspace, runCli } from './open-app.ts';

const { binary } = findElectron(process.env);
const root = join(import.meta.dirname, '../..');
const quiet = (): void => undefined;

describe('the desktop app, which needs the binary of Electron,', () => {
  it.skipIf(binary === null)('opens the sample workspace in a sandboxed window', async () => {
    const folder = await makeSample(300);
    await runCli(folder, ['refresh']);
    await builtPage(quiet);
    await builtDesktop(quiet);
    const app = await _electron.launch({
      executablePath: binary ?? '',
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), join(root, 'electron/hosts/desktop/dist/main.js')],
      env: { ...process.env, COUNTERSIGN_WORKSPACE: folder } as Record<string, string>,
    });
    try {
      const page = await app.firstWindow();
      await page.getByRole('grid', { name: 'Pending changes' }).waitFor();
      expect(new URL(page.url()).protocol).toBe('app:');
      expect(await page.evaluate(() => [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process')])).toEqual(['undefined', 'undefined']);
    } finally {
      await app.close();
      removeWorkspace(folder);
    }
  });
});
