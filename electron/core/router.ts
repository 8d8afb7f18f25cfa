import { commands } from '../../shared/contract.ts';
import { mostPlanTextBytes } from '../../shared/domain/plan-file.ts';
import { clientMessageSchema, type ServerMessage } from '../../shared/transport.ts';
import type { App } from './answer-calls.ts';
import { AppFailure } from './app-failure.ts';

/** One end of a pipe to a client: a WebSocket, a MessagePort. Messages are plain data. */
export interface ClientPipe {
  send(message: ServerMessage): void;
  /** `sizeBytes`: how large the message was on the wire, or null where the pipe cannot tell. */
  onMessage(listener: (message: unknown, sizeBytes: number | null) => void): void;
  onClose(listener: () => void): void;
  /** Ends the connection. */
  close(): void;
}

/** Largest message that a client may send; the longest honest one is an exported plan, whose quotation marks are escaped. */
export const maxMessageBytes = 2 * mostPlanTextBytes;
const maxOpenCalls = 64;

/**
 * Connects one client to the app: message -> call -> reply, and every event of the app to the client.
 *
 * Shape:  `actor`: who the client is at first; null means the signed-in Salesforce user. The identity lives here, per
 *         connection, and is never read from a call's input; `identity.switch` changes it where names are free. A lost
 *         client's queries are cancelled; its commands run on, since their effects must be recorded.
 * Errors: never throws. A message that is too large, is none, or repeats the id of an open call ends the connection.
 */
export function connectClient(app: App, pipe: ClientPipe, actor: string | null): void {
  let current = actor;
  let closed = false;
  const open = new Map<number, { abort: AbortController; isCommand: boolean }>();
  const send = (message: ServerMessage): void => {
    if (!closed) pipe.send(message);
  };
  const fail = (id: number, error: unknown): void => {
    const failure = error instanceof AppFailure ? error : new AppFailure('unexpected', 'Something went wrong that Countersign did not expect.');
    send({ type: 'failure', id, error: failure.error });
  };

  const switchIdentity = (input: unknown): object => {
    if (!app.canSwitchIdentity) throw new AppFailure('permission-denied', 'Here you are who is signed in to Salesforce; sign in as somebody else instead.');
    const parsed = commands['identity.switch'].input.safeParse(input);
    if (!parsed.success) throw new AppFailure('invalid-input', 'A name has 1 to 80 characters.');
    current = parsed.data.name;
    return {};
  };

  const run = async (id: number, name: string, input: unknown, signal: AbortSignal): Promise<void> => {
    try {
      const output = name === 'identity.switch' ? switchIdentity(input) : await app.callByName(name, input, { actor: current, signal });
      send({ type: 'result', id, output });
    } catch (error) {
      fail(id, error);
    } finally {
      open.delete(id);
    }
  };

  const stopListening = app.onEvent((name, payload) => send({ type: 'event', name, payload }));
  const end = (): void => {
    if (closed) return;
    closed = true;
    stopListening();
    for (const call of open.values()) if (!call.isCommand) call.abort.abort();
  };

  pipe.onClose(end);
  pipe.onMessage((raw, sizeBytes) => {
    if (closed) return;
    const isTooLarge = sizeBytes !== null && sizeBytes > maxMessageBytes;
    const parsed = isTooLarge ? null : clientMessageSchema.safeParse(raw);
    if (!parsed?.success || (parsed.data.type === 'call' && open.has(parsed.data.id))) {
      end();
      pipe.close();
      return;
    }
    const message = parsed.data;
    if (message.type === 'cancel') {
      open.get(message.id)?.abort.abort();
    } else if (open.size >= maxOpenCalls) {
      fail(message.id, new AppFailure('limit-exceeded', `More than ${maxOpenCalls} calls are open at once. Wait for an answer first.`));
    } else {
      const abort = new AbortController();
      open.set(message.id, { abort, isCommand: Object.hasOwn(commands, message.name) });
      void run(message.id, message.name, message.input, abort.signal);
    }
  });
}
