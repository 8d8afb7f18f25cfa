import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { KillPoint } from './kill-point.ts';

/** A proxy between one process and the org. It passes on whole messages, except where its process is to die. */
export interface Proxy {
  url: string;
  /** Watches the connections of the process that is about to live; `kill` ends it. */
  watch(killAt: KillPoint, kill: () => void): void;
  close(): Promise<void>;
}

const headEnd = '\r\n\r\n';

/** Bytes of the first HTTP message in a buffer and of its head; null while it is not whole. */
function measure(bytes: Buffer): { head: number; whole: number } | null {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return null;
  const head = end + headEnd.length;
  const length = Number(/\r\ncontent-length: *(\d+)/iu.exec(bytes.toString('latin1', 0, head))?.[1] ?? 0);
  return bytes.length < head + length ? null : { head, whole: head + length };
}

/** Calls back for each whole message that a socket receives. */
function eachMessage(socket: Socket, take: (message: Buffer, head: number) => void): void {
  let kept: Buffer = Buffer.alloc(0);
  socket.on('data', (part: Buffer) => {
    kept = kept.length === 0 ? part : Buffer.concat([kept, part]);
    for (let size = measure(kept); size !== null; size = measure(kept)) {
      const message = kept.subarray(0, size.whole);
      kept = kept.subarray(size.whole);
      take(message, size.head);
    }
  });
  socket.on('error', () => undefined);
}

const half = (message: Buffer, head: number): Buffer => message.subarray(0, head + Math.floor((message.length - head) / 2));

/** Starts a proxy for the org at this address. */
export async function startProxy(orgUrl: string): Promise<Proxy> {
  const orgPort = Number(new URL(orgUrl).port);
  let killAt: KillPoint = { by: 'nobody' };
  let kill = (): void => undefined;
  let bytesLeft = 0;
  let callsLeft = 0;
  const sockets = new Set<Socket>();

  /** What of a message goes on; the process dies when it is not all of it. */
  const ofBytes = (message: Buffer): Buffer => {
    if (killAt.by !== 'bytes') return message;
    bytesLeft -= message.length;
    if (bytesLeft >= 0) return message;
    kill();
    return message.subarray(0, message.length + bytesLeft);
  };

  const isTheCall = (message: Buffer, head: number): boolean => {
    if (killAt.by !== 'wire' || callsLeft === 0) return false;
    const [line = ''] = message.toString('latin1', 0, head).split(' HTTP/', 1);
    if (!new RegExp(killAt.call, 'u').test(line)) return false;
    callsLeft -= 1;
    return callsLeft === 0;
  };

  const server: Server = createServer((client) => {
    const upstream = connect(orgPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => sockets.delete(socket));
    }
    let isChosen = false;
    // A process that dies takes its connection with it, but not what was sent before.
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.destroy());

    eachMessage(client, (message, head) => {
      isChosen = isTheCall(message, head);
      const text = message.toString('latin1', 0, head).replace(/\r\nhost: *127\.0\.0\.1:\d+/iu, `\r\nhost: 127.0.0.1:${orgPort}`);
      const renamed = Buffer.concat([Buffer.from(text, 'latin1'), message.subarray(head)]);
      const newHead = text.length;
      if (!isChosen || killAt.by !== 'wire') return void upstream.write(ofBytes(renamed));
      const { point } = killAt;
      if (point === 'effect-done' || point === 'half-answered' || point === 'answered') return void upstream.write(renamed);
      kill();
      if (point === 'headers-sent') upstream.write(renamed.subarray(0, newHead));
      if (point === 'half-sent') upstream.write(half(renamed, newHead));
      if (point === 'effect-later') upstream.write(renamed);
    });
    eachMessage(upstream, (message, head) => {
      if (!isChosen || killAt.by !== 'wire') return void client.write(ofBytes(message));
      isChosen = false;
      if (killAt.point === 'half-answered') client.write(half(message, head), kill);
      else if (killAt.point === 'answered') client.write(message, kill);
      else kill();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    watch: (point, end) => {
      killAt = point;
      kill = end;
      bytesLeft = point.by === 'bytes' ? point.bytes : 0;
      callsLeft = point.by === 'wire' ? point.nth : 0;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
