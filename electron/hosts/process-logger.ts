import type { Logger } from '../core/ports.ts';

const levels = ['info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** Writes log lines as JSON to stderr, so that stdout stays free for answers. Facts never hold secrets: callers pass ids and counts. */
export function processLogger(least: Level): Logger {
  const write = (level: Level, event: string, facts: Record<string, unknown> = {}): void => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...facts })}\n`);
  };
  return {
    info: (event, facts) => write('info', event, facts),
    warn: (event, facts) => write('warn', event, facts),
    error: (event, facts) => write('error', event, facts),
  };
}
