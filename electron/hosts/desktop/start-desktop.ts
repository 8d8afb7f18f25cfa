import type * as Electron from 'electron';
import { answerCore } from './answer-core.ts';
import { appScheme, serveAppProtocol } from './app-protocol.ts';
import { portChannel, type ToCore } from './core-messages.ts';
import { createMenu } from './menu.ts';
import { hardenContents, hardenSession, isOwnSender, pageOrigin, webPreferences } from './security.ts';

/** The part of Electron that the desktop host uses; tests give a double. */
export type ElectronApi = Pick<typeof Electron, 'app' | 'BrowserWindow' | 'Menu' | 'MessageChannelMain' | 'dialog' | 'ipcMain' | 'powerSaveBlocker' | 'protocol' | 'safeStorage' | 'session' | 'shell' | 'utilityProcess'>;

export interface DesktopPlaces {
  /** Folder of the built page. */
  page: string;
  preload: string;
  coreEntry: string;
  /** The workspace to open. */
  workspace: string;
}

/**
 * Starts the desktop app: one window on `app://countersign`, the core in a process of its own, one port between them.
 *
 * Shape:  must be called before Electron is ready. A second start shows the window of the first. Closing the last window
 *         lets a running push finish its chunk, then ends the app.
 */
export async function startDesktop(electron: ElectronApi, places: DesktopPlaces): Promise<void> {
  const { app, protocol, session, shell } = electron;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([appScheme]);
  hardenContents(app, (address) => void shell.openExternal(address));
  await app.whenReady();
  hardenSession(session.defaultSession);
  serveAppProtocol(protocol, places.page);

  const core = startCore(electron, places);
  const window = openWindow(electron, places);
  electron.Menu.setApplicationMenu(createMenu(electron.Menu, app.name));
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });

  electron.ipcMain.on(portChannel, (event) => {
    if (!isOwnSender(event.senderFrame, window.webContents.mainFrame)) return;
    const { port1, port2 } = new electron.MessageChannelMain();
    core.postMessage({ type: 'connect' } satisfies ToCore, [port1]);
    window.webContents.postMessage(portChannel, null, [port2]);
  });
  answerCore(electron, core, window);

  app.on('window-all-closed', () => core.postMessage({ type: 'close' } satisfies ToCore, []));
  core.on('exit', () => app.quit());
  await window.loadURL(`${pageOrigin}/`);
}

/** As in require-node.mjs: memory stays small when garbage is collected in time. */
const coreFlags = ['--max-old-space-size=1024', '--max-semi-space-size=8'];

function startCore({ utilityProcess }: ElectronApi, places: DesktopPlaces): Electron.UtilityProcess {
  return utilityProcess.fork(places.coreEntry, [places.workspace], { serviceName: 'Countersign core', stdio: 'inherit', execArgv: coreFlags });
}

function openWindow({ BrowserWindow }: ElectronApi, places: DesktopPlaces): Electron.BrowserWindow {
  const window = new BrowserWindow({ width: 1440, height: 900, minWidth: 1024, minHeight: 640, show: false, title: 'Countersign', webPreferences: { ...webPreferences, preload: places.preload } });
  window.once('ready-to-show', () => window.show());
  return window;
}
