import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerMessage } from '../../shared/transport.ts';
import type { App, AppContext, EventListener } from '../../electron/core/answer-calls.ts';
import { AppFailure } from '../../electron/core/app-failure.ts';
import { connectClient, maxMessageBytes, type ClientPipe } from '../../electron/core/router.ts';

interface Setup {
  sent: ServerMessage[];
  seen: { name: string; input: unknown; context: AppContext }[];
  state: { isClosed: boolean };
  receive(message: unknown, sizeBytes?: number): void;
  hangUp(): void;
  emit: EventListener;
}

function connect(options: { canSwitchIdentity?: boolean; answer?: (name: string, context: AppContext) => Promise<unknown> } = {}): Setup {
  const sent: ServerMessage[] = [];
  const seen: Setup['seen'] = [];
  const state = { isClosed: false };
  const listeners = new Set<EventListener>();
  let receive: (message: unknown, sizeBytes: number | null) => void = () => {};
  let hangUp = (): void => {};
  const callByName = (name: string, input: unknown, context: AppContext): Promise<unknown> => {
    seen.push({ name, input, context });
    return options.answer ? options.answer(name, context) : Promise.resolve({ name });
  };
  const app: App = {
    call: callByName as never,
    callByName,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    canSwitchIdentity: options.canSwitchIdentity ?? true,
    close: async () => {},
  };
  const pipe: ClientPipe = {
    send: (message) => sent.push(message),
    onMessage: (listener) => (receive = listener),
    onClose: (listener) => (hangUp = listener),
    close: () => (state.isClosed = true),
  };
  connectClient(app, pipe, 'admin');
  return { sent, seen, state, receive: (message, sizeBytes) => receive(message, sizeBytes ?? null), hangUp: () => hangUp(), emit: (name, payload) => listeners.forEach((listener) => listener(name, payload)) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const forever = (): Promise<unknown> => new Promise(() => {});

describe('the router', () => {
  it('answers a call with its own id and passes the identity of the connection', async () => {
    const client = connect();
    client.receive({ type: 'call', id: 7, name: 'app.info', input: { actor: 'mallory' } });
    await settled();
    expect(client.sent).toEqual([{ type: 'result', id: 7, output: { name: 'app.info' } }]);
    expect(client.seen[0]?.context.actor).toBe('admin');
  });

  it('switches the identity of this connection only, where names are free', async () => {
    const [one, other] = [connect(), connect()];
    one.receive({ type: 'call', id: 1, name: 'identity.switch', input: { name: 'bob' } });
    await settled();
    for (const client of [one, other]) client.receive({ type: 'call', id: 2, name: 'app.info', input: {} });
    await settled();
    expect([one.seen[0]?.context.actor, other.seen[0]?.context.actor]).toEqual(['bob', 'admin']);
  });

  it('refuses to switch the identity of somebody who is signed in to Salesforce', async () => {
    const client = connect({ canSwitchIdentity: false });
    client.receive({ type: 'call', id: 1, name: 'identity.switch', input: { name: 'bob' } });
    await settled();
    expect(client.sent[0]).toMatchObject({ type: 'failure', id: 1, error: { code: 'permission-denied' } });
  });

  it('ends the connection at anything that is no message', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ type: fc.constantFrom('call', 'cancel', 'result', '__proto__'), id: fc.anything(), name: fc.anything(), extra: fc.anything() })), (message) => {
        const client = connect();
        client.receive(message);
        expect(client.seen).toEqual([]);
        expect(client.state.isClosed).toBe(true);
      }),
    );
  });

  it('ends the connection at a message above the limit', () => {
    const client = connect();
    client.receive({ type: 'call', id: 1, name: 'app.info', input: {} }, maxMessageBytes + 1);
    expect([client.seen.length, client.state.isClosed]).toEqual([0, true]);
  });

  it('ends the connection when the id of an open call comes again', () => {
    const client = connect({ answer: forever });
    client.receive({ type: 'call', id: 1, name: 'batch.push', input: {} });
    client.receive({ type: 'call', id: 1, name: 'batch.push', input: {} });
    expect([client.seen.length, client.state.isClosed]).toEqual([1, true]);
  });

  it('refuses more open calls than it can keep', async () => {
    const client = connect({ answer: forever });
    for (let id = 1; id <= 65; id += 1) client.receive({ type: 'call', id, name: 'app.info', input: {} });
    await settled();
    expect(client.sent).toMatchObject([{ type: 'failure', id: 65, error: { code: 'limit-exceeded' } }]);
  });

  it('cancels a call when the client asks', async () => {
    const client = connect({ answer: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new AppFailure('cancelled', 'Cancelled.')))) });
    client.receive({ type: 'call', id: 1, name: 'snapshot.refresh', input: {} });
    client.receive({ type: 'cancel', id: 1 });
    await settled();
    expect(client.sent).toMatchObject([{ type: 'failure', id: 1, error: { code: 'cancelled' } }]);
  });

  it('cancels the queries of a lost client and lets its commands run on', () => {
    const client = connect({ answer: forever });
    client.receive({ type: 'call', id: 1, name: 'pending.page', input: {} });
    client.receive({ type: 'call', id: 2, name: 'batch.push', input: {} });
    client.hangUp();
    expect(client.seen.map(({ context }) => context.signal.aborted)).toEqual([true, false]);
  });

  it('sends events while connected and nothing afterwards', () => {
    const client = connect();
    client.emit('pause.changed', { paused: true });
    client.hangUp();
    client.emit('pause.changed', { paused: false });
    expect(client.sent).toEqual([{ type: 'event', name: 'pause.changed', payload: { paused: true } }]);
  });

  it('tells nothing of an error that nobody expected', async () => {
    const client = connect({ answer: () => Promise.reject(new Error('secret detail')) });
    client.receive({ type: 'call', id: 1, name: 'app.info', input: {} });
    await settled();
    expect(JSON.stringify(client.sent)).not.toContain('secret');
    expect(client.sent).toMatchObject([{ type: 'failure', error: { code: 'unexpected' } }]);
  });
});
