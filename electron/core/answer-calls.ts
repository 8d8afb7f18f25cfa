import { randomBytes } from 'node:crypto';
import { commands, endpointOf, type CallInput, type CallName, type CallOutput, type CallParsed, type EventName, type EventPayload } from '../../shared/contract.ts';
import { AppFailure, cancelled, refusal } from './app-failure.ts';
import type { CallLog } from './call-log.ts';
import type { CallContext, Clock, Emit, Logger } from './ports.ts';

/** Who calls; null means the signed-in Salesforce user. */
export interface AppContext {
  actor: string | null;
  signal: AbortSignal;
}

export type EventListener = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

export interface App {
  /** Errors: rejects with `AppFailure`, always. */
  call<N extends CallName>(name: N, input: CallInput<N>, context: AppContext): Promise<CallOutput<N>>;
  /** The same for a name and an input that come from outside. */
  callByName(name: string, input: unknown, context: AppContext): Promise<unknown>;
  /** Returns the function that ends the subscription. */
  onEvent(listener: EventListener): () => void;
  /** True where the identity is a free name. */
  readonly canSwitchIdentity: boolean;
  /**
   * Stops running pushes after their chunk, waits for the calls that are under way, and copies what can be copied quickly of
   * the audit log. `hurry`: nobody wants to wait for the copy.
   */
  close(hurry?: AbortSignal): Promise<void>;
}

export type Handlers = { [N in CallName]: (input: CallParsed<N>, context: CallContext) => Promise<CallOutput<N>> };

/** What answering calls needs besides the handlers. */
export interface CallOptions {
  handlers: Handlers;
  log: CallLog;
  clock: Clock;
  logger: Logger;
  readOnly: boolean;
  canSwitchIdentity: boolean;
  /** Name of the signed-in Salesforce user. */
  signedInUser(signal: AbortSignal): Promise<string>;
}

/** Commands that leave no trace in a workspace opened to be read. */
const allowedWhenReadOnly: readonly string[] = ['audit.verify'];

/** Where the app tells what changed. */
export interface EventHub {
  emit: Emit;
  onEvent(listener: EventListener): () => void;
  clear(): void;
}

/** Makes a hub without listeners; they are told in the order in which they came. */
export function createEventHub(): EventHub {
  const listeners = new Set<EventListener>();
  return {
    emit(name, payload) {
      for (const listener of listeners) listener(name, payload);
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear: () => listeners.clear(),
  };
}

/**
 * Answers calls by name: input parsed, refused where the workspace is only read, handled, answer parsed, logged.
 *
 * Shape:  `close` leaves the listeners in place, so that they are told of what ends afterwards.
 * Errors: a call rejects with `AppFailure` only; what was not expected leaves as `unexpected` with a reference that the log explains.
 */
export function answerCalls(options: CallOptions, events: EventHub): App {
  const { handlers, log } = options;
  const underWay = new Set<Promise<unknown>>();
  const closing = new AbortController();
  let signedInAs: string | null = null;

  const contextOf = async (name: string, context: AppContext): Promise<CallContext> => {
    const signal = AbortSignal.any([context.signal, closing.signal]);
    if (context.actor !== null) return { actor: context.actor, signal };
    if (Object.hasOwn(commands, name)) signedInAs ??= await options.signedInUser(signal);
    return { actor: signedInAs ?? '', signal };
  };

  const answer = async (name: string, rawInput: unknown, context: AppContext): Promise<unknown> => {
    if (closing.signal.aborted) throw cancelled('A call that came while Countersign was closing');
    const endpoint = endpointOf(name);
    if (!endpoint) throw new AppFailure('invalid-input', 'Countersign has no call of this name.');
    const input = endpoint.input.safeParse(rawInput);
    if (!input.success) {
      const issue = input.error.issues[0];
      throw new AppFailure('invalid-input', `${issue?.path.join('.') || 'The input'}: ${issue?.message ?? 'not valid'}.`, { call: name });
    }
    if (options.readOnly && Object.hasOwn(commands, name) && !allowedWhenReadOnly.includes(name)) {
      throw refusal('read-only', 'This workspace is opened to be read only; nothing can be changed here.');
    }
    const handler = handlers[name as CallName] as (input: CallParsed<CallName>, context: CallContext) => Promise<unknown>;
    return endpoint.output.parse(await handler(input.data as CallParsed<CallName>, await contextOf(name, context)));
  };

  const callByName: App['callByName'] = async (name, rawInput, context) => {
    const startedAt = options.clock.now();
    const started = options.clock.elapsedMs();
    const call = answer(name, rawInput, context);
    underWay.add(call);
    let outcome = 'ok';
    try {
      return await call;
    } catch (error) {
      const failure = asFailure(error, name, options.logger);
      outcome = failure.error.code;
      throw failure;
    } finally {
      underWay.delete(call);
      log.add({ name: endpointOf(name) ? name : 'unknown call', at: startedAt, ms: Math.round(options.clock.elapsedMs() - started), outcome });
    }
  };

  return {
    call: (name, input, context) => callByName(name, input, context) as never,
    callByName,
    onEvent: (listener) => events.onEvent(listener),
    canSwitchIdentity: options.canSwitchIdentity,
    async close() {
      closing.abort();
      await Promise.allSettled(underWay);
    },
  };
}

function asFailure(error: unknown, name: string, logger: Logger): AppFailure {
  if (error instanceof AppFailure) return error;
  const reference = `R-${randomBytes(2).toString('hex').toUpperCase()}`;
  logger.error('call.unexpected', { reference, name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  return new AppFailure('unexpected', `Something went wrong that Countersign did not expect. What was saved before is unchanged. The log has the details under ${reference}.`, { reference });
}
