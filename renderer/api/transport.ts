import type { ClientMessage, Transport } from '../../shared/transport.ts';

/** What the desktop's preload script gives the page. */
interface DesktopBridge {
  connect(): Promise<MessagePort> | MessagePort;
}

declare global {
  interface Window {
    countersign?: DesktopBridge;
  }
}

const tokenKey = 'countersign.token';

/**
 * Connects to the core: through the desktop's MessagePort, or through a WebSocket of the host that served the page.
 *
 * Shape: the token comes in the fragment of the first address; it is kept for this tab and taken out of the address.
 */
export async function connectTransport(): Promise<Transport> {
  if (window.countersign) return portTransport(await window.countersign.connect());
  const fragment = new URLSearchParams(window.location.hash.slice(1));
  const given = fragment.get('token');
  if (given !== null) {
    window.sessionStorage.setItem(tokenKey, given);
    window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}`);
  }
  const token = given ?? window.sessionStorage.getItem(tokenKey) ?? '';
  return socketTransport(new WebSocket(`ws://${window.location.host}/socket?token=${encodeURIComponent(token)}`));
}

function portTransport(port: MessagePort): Transport {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data));
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', listener),
  };
}

function socketTransport(socket: WebSocket): Transport {
  const waiting: ClientMessage[] = [];
  socket.addEventListener('open', () => {
    for (const message of waiting.splice(0)) socket.send(JSON.stringify(message));
  });
  return {
    send(message) {
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(message);
      else socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => socket.addEventListener('message', (event: MessageEvent<unknown>) => listener(JSON.parse(String(event.data)))),
    onClose: (listener) => socket.addEventListener('close', listener),
  };
}
