import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startOrg } from './start-org.ts';

/**
 * Serves a simulated org as a process of its own:
 * `node serve.ts --file F [--port P] [--announce FILE] [--idle-exit-ms N]`.
 *
 * It says where it listens and how to sign in as one JSON line on stdout or, with --announce, in that file, which is removed at exit.
 * It ends on SIGTERM or SIGINT, after N idle milliseconds, and when its database file disappears. Exit code 2: wrong arguments.
 */
const fileCheckMs = 2_000;

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    port: { type: 'string' },
    announce: { type: 'string' },
    'idle-exit-ms': { type: 'string' },
  },
});

function wholeNumber(name: 'port' | 'idle-exit-ms'): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  process.stderr.write(`--${name} takes a whole number\n`);
  process.exit(2);
}

const { file, announce } = values;
if (file === undefined) {
  process.stderr.write('--file is required: the SQLite file of a simulated org\n');
  process.exit(2);
}
if (!existsSync(file)) {
  process.stderr.write(`no such file: ${file}\n`);
  process.exit(2);
}

/** Another org may have taken the announcement over; that one must stay. */
function announcedByUs(path: string): boolean {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { pid: unknown }).pid === process.pid;
  } catch {
    // Gone already, or not an announcement.
    return false;
  }
}

const port = wholeNumber('port');
const idleMs = wholeNumber('idle-exit-ms');
let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  if (announce !== undefined && announcedByUs(announce)) rmSync(announce, { force: true });
  await org.close();
  process.exit(0);
};

const org = await startOrg({
  file,
  ...(port === undefined ? {} : { port }),
  ...(idleMs === undefined ? {} : { idleExit: { afterMs: idleMs, onIdle: () => void stop() } }),
});
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
setInterval(() => {
  if (!existsSync(file)) void stop();
}, fileCheckMs);

const line = `${JSON.stringify({ url: org.url, orgId: org.orgId, pid: process.pid, ...org.credentials })}\n`;
if (announce === undefined) {
  process.stdout.write(line);
} else {
  const draft = `${announce}.${process.pid}`;
  writeFileSync(draft, line, { mode: 0o600 });
  renameSync(draft, announce);
}
