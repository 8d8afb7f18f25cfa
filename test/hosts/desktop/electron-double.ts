import { EventEmitter } from 'node:events';
import type { ElectronApi } from '../../../electron/hosts/desktop/start-desktop.ts';

type Handler = (...values: never[]) => unknown;

/** A port of the desktop's message channel; the two ends are joined. */
export class PortDouble extends EventEmitter {
  other: PortDouble | null = null;
  started = false;

  start(): void {
    this.started = true;
  }

  postMessage(data: unknown): void {
    const copy: unknown = structuredClone(data);
    queueMicrotask(() => this.other?.emit('message', { data: copy, ports: [] }));
  }

  close(): void {
    this.emit('close');
    this.other?.emit('close');
  }
}

/** A window's contents: records what was asked of it. */
export class ContentsDouble extends EventEmitter {
  mainFrame = { url: 'app://countersign/' };
  posted: { channel: string; ports: PortDouble[] }[] = [];
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null;

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }

  postMessage(channel: string, _message: unknown, ports: PortDouble[]): void {
    this.posted.push({ channel, ports });
  }

  /** Asks whether a navigation would happen. */
  navigates(event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect', url: string, isMainFrame = true): boolean {
    let isPrevented = false;
    this.emit(event, { url, isMainFrame, preventDefault: () => (isPrevented = true) });
    return !isPrevented;
  }
}

export interface ElectronDouble {
  api: ElectronApi;
  app: EventEmitter & { sandboxed: boolean; quits: number; isSecondInstance: boolean };
  contents: ContentsDouble;
  windowOptions: { webPreferences: Record<string, unknown> }[];
  loaded: string[];
  opened: string[];
  schemes: { scheme: string; privileges: Record<string, boolean> }[];
  handlers: Record<string, (request: { url: string; method: string }) => Promise<Response>>;
  session: Record<string, Handler>;
  ipc: EventEmitter;
  core: EventEmitter & { posted: { message: unknown; ports: PortDouble[] }[]; forked: { entry: string; words: string[] } | null };
  errors: string[];
  /** Reasons for which the machine is kept awake now. */
  awake: Map<number, string>;
  saveAs: string | null;
  keystore: KeystoreDouble;
  /** True: the system has no program for a web address. */
  refusesToOpen: boolean;
}

/** Stands in for the system's keystore: seals by turning the bytes round, so that nothing sealed reads like what it was. */
export class KeystoreDouble {
  backend: ReturnType<ElectronApi['safeStorage']['getSelectedStorageBackend']> = 'gnome_libsecret';
  isAvailable = true;
  isLocked = false;
  shouldReEncrypt = false;
  sealedCount = 0;

  getSelectedStorageBackend(): KeystoreDouble['backend'] {
    return this.backend;
  }

  async isAsyncEncryptionAvailable(): Promise<boolean> {
    return this.isAvailable;
  }

  async encryptStringAsync(text: string): Promise<Buffer> {
    if (this.isLocked) throw new Error('locked');
    this.sealedCount += 1;
    return turned(Buffer.from(text));
  }

  async decryptStringAsync(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    if (this.isLocked) throw new Error('locked');
    return { result: turned(sealed).toString(), shouldReEncrypt: this.shouldReEncrypt };
  }
}

function turned(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}

/** Stands in for Electron: every call is recorded, every event can be fired. */
export function electronDouble(userData = '/user-data'): ElectronDouble {
  const double = { windowOptions: [], loaded: [], opened: [], schemes: [], handlers: {}, session: {}, errors: [], awake: new Map(), saveAs: null, keystore: new KeystoreDouble(), refusesToOpen: false } as unknown as ElectronDouble;
  const contents = new ContentsDouble();
  const app = Object.assign(new EventEmitter(), {
    name: 'Countersign',
    sandboxed: false,
    quits: 0,
    isSecondInstance: false,
    requestSingleInstanceLock: () => !app.isSecondInstance,
    enableSandbox: () => (app.sandboxed = true),
    whenReady: async () => {},
    quit: () => (app.quits += 1),
    getPath: () => userData,
  });
  const core = Object.assign(new EventEmitter(), {
    posted: [] as { message: unknown; ports: PortDouble[] }[],
    forked: null as { entry: string; words: string[] } | null,
    postMessage: (message: unknown, ports: PortDouble[] = []) => core.posted.push({ message, ports }),
  });
  const setting = (name: string) => (handler: Handler) => (double.session[name] = handler);
  const defaultSession = {
    ...Object.fromEntries(['setPermissionRequestHandler', 'setPermissionCheckHandler', 'setDevicePermissionHandler', 'setDisplayMediaRequestHandler'].map((name) => [name, setting(name)])),
    setSpellCheckerEnabled: () => {},
    webRequest: { onBeforeRequest: setting('onBeforeRequest') },
    on: (name: string, handler: Handler) => (double.session[name] = handler),
  };
  class BrowserWindow extends EventEmitter {
    webContents = contents;
    constructor(options: { webPreferences: Record<string, unknown> }) {
      super();
      double.windowOptions.push(options);
      app.emit('web-contents-created', {}, contents);
    }
    show(): void {}
    focus(): void {}
    restore(): void {}
    isMinimized(): boolean {
      return true;
    }
    async loadURL(url: string): Promise<void> {
      double.loaded.push(url);
      this.emit('ready-to-show');
    }
  }
  class MessageChannelMain {
    port1 = new PortDouble();
    port2 = new PortDouble();
    constructor() {
      [this.port1.other, this.port2.other] = [this.port2, this.port1];
    }
  }
  const api = {
    app,
    BrowserWindow,
    MessageChannelMain,
    Menu: { setApplicationMenu: () => {}, buildFromTemplate: (template: unknown) => template },
    dialog: { showErrorBox: (_: string, text: string) => double.errors.push(text), showSaveDialog: async () => ({ canceled: double.saveAs === null, filePath: double.saveAs ?? '' }) },
    ipcMain: new EventEmitter(),
    powerSaveBlocker: { start: (reason: string) => (double.awake.set(double.awake.size + 1, reason), double.awake.size), stop: (block: number) => double.awake.delete(block) },
    protocol: { registerSchemesAsPrivileged: (schemes: ElectronDouble['schemes']) => double.schemes.push(...schemes), handle: (scheme: string, handler: ElectronDouble['handlers'][string]) => (double.handlers[scheme] = handler) },
    safeStorage: double.keystore,
    session: { defaultSession },
    shell: { openExternal: async (url: string) => {
        if (double.refusesToOpen) throw new Error('No program opens this.');
        double.opened.push(url);
      } },
    utilityProcess: {
      fork: (entry: string, words: string[]) => {
        core.forked = { entry, words };
        return core;
      },
    },
  };
  return Object.assign(double, { api: api as unknown as ElectronApi, app, contents, ipc: api.ipcMain, core });
}
