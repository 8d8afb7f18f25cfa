import type { ContextBridge, IpcRenderer } from 'electron';

/** As in core-messages.ts; repeated so that the preload script stays one small file without zod. */
const portChannel = 'countersign:port';

type PortListener = (event: { data: unknown }) => void;

/** The part of the browser's MessagePort that is used here. */
interface PagePort {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: PortListener): void;
  start(): void;
  close(): void;
}

/**
 * Gives the page one function, `window.countersign.connect()`, and nothing of Electron.
 *
 * Shape:  the answer looks like a MessagePort and passes plain data only; events are stripped to their data.
 */
export function exposeBridge(contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>, ipcRenderer: Pick<IpcRenderer, 'once' | 'send'>): void {
  const connect = (): Promise<object> =>
    new Promise((resolve) => {
      ipcRenderer.once(portChannel, (event) => {
        const port = event.ports[0];
        if (port) resolve(plainPort(port as unknown as PagePort));
      });
      ipcRenderer.send(portChannel);
    });
  contextBridge.exposeInMainWorld('countersign', Object.freeze({ connect }));
}

function plainPort(port: PagePort): PagePort {
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origin
    postMessage: (message) => port.postMessage(message),
    addEventListener(type, listener) {
      if (type === 'message' || type === 'close') port.addEventListener(type, (event) => listener({ data: event.data ?? null }));
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}
