import * as z from 'zod';
import type { CallInput, CallName, CallOutput, EventName, EventPayload } from './contract.ts';
import { endpointOf, events } from './contract.ts';
import { appErrorSchema, type AppError } from './errors.ts';

/** What the renderer sends. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id: z.number().int(), name: z.string().max(100), input: z.unknown() }),
  z.strictObject({ type: z.literal('cancel'), id: z.number().int() }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** What the core sends. Events go to every connected client. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('result'), id: z.number().int(), output: z.unknown() }),
  z.strictObject({ type: z.literal('failure'), id: z.number().int(), error: appErrorSchema }),
  z.strictObject({ type: z.literal('event'), name: z.string(), payload: z.unknown() }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;

/** A two-way pipe of plain data: a MessagePort in the desktop app, a WebSocket in the browser host. */
export interface Transport {
  send(message: ClientMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

/** Thrown by `client.call`; carries the failure as data. */
export class CallFailure extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.message);
    this.name = 'CallFailure';
    this.error = error;
  }
}

/** The part of an AbortSignal that is used here. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

export interface Client {
  /** Errors: rejects with `CallFailure`; aborting the signal cancels the call in the core too. */
  call<N extends CallName>(name: N, input: CallInput<N>, signal?: CancelSignal): Promise<CallOutput<N>>;
  /** Returns the function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  onClose(listener: () => void): void;
}

interface OpenCall {
  name: CallName;
  resolve(output: never): void;
  reject(failure: CallFailure): void;
}

const closedError: AppError = { code: 'not-available-here', message: 'The connection to the core is closed. Reload the window.', details: { reason: 'connection-closed' } };

/** Makes a client over any transport. Answers are parsed against the contract. */
export function createClient(transport: Transport): Client {
  const open = new Map<number, OpenCall>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const closeListeners = new Set<() => void>();
  let nextId = 1;
  let closed = false;

  transport.onMessage((raw) => {
    const parsed = serverMessageSchema.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'event') {
      if (!Object.hasOwn(events, message.name)) return;
      const payload = events[message.name as EventName].safeParse(message.payload);
      if (payload.success) for (const listener of listeners.get(message.name) ?? []) listener(payload.data as never);
      return;
    }
    const call = open.get(message.id);
    if (!call) return;
    open.delete(message.id);
    if (message.type === 'failure') {
      call.reject(new CallFailure(message.error));
      return;
    }
    const output = endpointOf(call.name)?.output.safeParse(message.output);
    if (output?.success) call.resolve(output.data as never);
    else call.reject(new CallFailure({ code: 'unexpected', message: `The core answered ${call.name} in a form this window does not know.`, details: {} }));
  });
  transport.onClose(() => {
    closed = true;
    for (const call of open.values()) call.reject(new CallFailure(closedError));
    open.clear();
    for (const listener of closeListeners) listener();
  });

  return {
    call(name, input, signal) {
      return new Promise((resolve, reject) => {
        if (closed) {
          reject(new CallFailure(closedError));
          return;
        }
        const id = nextId;
        nextId += 1;
        open.set(id, { name, resolve, reject });
        signal?.addEventListener('abort', () => {
          if (open.has(id)) transport.send({ type: 'cancel', id });
        });
        transport.send({ type: 'call', id, name, input });
      });
    },
    on(name, listener) {
      const known = listeners.get(name) ?? new Set();
      known.add(listener as (payload: never) => void);
      listeners.set(name, known);
      return () => known.delete(listener as (payload: never) => void);
    },
    onClose(listener) {
      closeListeners.add(listener);
    },
  };
}
