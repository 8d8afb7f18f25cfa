import type { Reply } from './api-call.ts';
import type { FaultAction } from './faults.ts';

/** What an org answers for a session it does not know. */
export const unauthorized: Reply = {
  status: 401,
  json: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
};

function answerOf(action: FaultAction): Reply | undefined {
  if (action.unauthorized) return unauthorized;
  if (action.html !== undefined) return { status: action.status ?? 503, text: action.html, type: 'text/html' };
  if (action.status === undefined) return undefined;
  const headers = Object.fromEntries(Object.entries(action.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  if (typeof action.body === 'string') return { status: action.status, text: action.body, type: 'text/html', headers };
  return action.body === undefined ? { status: action.status, headers } : { status: action.status, json: action.body, headers };
}

/** What faults answer in place of the effect of a call; undefined when they let it through. */
export function insteadOf(actions: readonly FaultAction[]): Reply | undefined {
  return actions.map(answerOf).find((reply) => reply !== undefined);
}

/** What faults answer after the effect of a call; undefined when its own answer stands. */
export function afterEffect(actions: readonly FaultAction[]): Reply | undefined {
  const then = actions.find((action) => action.effectThen)?.effectThen;
  return then && answerOf(then);
}
