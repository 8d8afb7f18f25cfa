// Plain JavaScript that any Node from 14 on can read: it runs before we know that the Node is new enough.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const least = [22, 19];

/** The large work has threads with limits of their own; a main thread that may grow to many gigabytes only collects its garbage late, and a large nursery in each thread costs more than it saves. */
export const memoryFlags = ['--max-old-space-size=1024', '--max-semi-space-size=8'];

/** True when a Node of this version runs TypeScript files and the SQLite driver. */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > least[0] || (major === least[0] && minor >= least[1]);
}

/** The Node that came with the installed packages, or null. */
export function packagedNode(platform = process.platform, arch = process.arch) {
  const system = platform === 'win32' ? 'win' : platform;
  const require = createRequire(import.meta.url);
  try {
    return require.resolve(`node-${system}-${arch}/bin/node${platform === 'win32' ? '.exe' : ''}`);
  } catch {
    return null;
  }
}

/**
 * Runs `main` on a Node that is new enough: this one, or the packaged one as a child with the same arguments and `flags` of Node.
 * Without either it says so in one sentence and sets exit code 2.
 */
export async function runOnRequiredNode(file, main, flags = []) {
  if (isNewEnough(process.versions.node)) {
    // The copy started below must not outlive the process that people know by its id.
    if (process.connected) {
      process.once('disconnect', () => process.exit(137));
      process.channel.unref();
    }
    await main();
    return;
  }
  const node = packagedNode();
  if (!node) {
    process.stderr.write(`Countersign needs Node ${least.join('.')} or newer and found ${process.versions.node}: run "npm ci" again (it brings Node 24), or install Node 24.\n`);
    process.exitCode = 2;
    return;
  }
  const child = spawn(node, [...flags, file, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`The packaged Node cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9) : code;
  });
}
