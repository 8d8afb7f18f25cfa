/**
 * `npm test`: everything, with one plain closing line. Makes sure of a Chromium, builds the renderer, runs all
 * tests, and names what could not run on this machine and what failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOnRequiredNode } from '../electron/hosts/require-node.mjs';
import { tellResults } from './tell-results.mjs';

const root = dirname(import.meta.dirname);
const resolve = createRequire(import.meta.url).resolve;

function run(command, args, env = {}) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;
}

function installChromium() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stdout.write('No Chromium here: installing the package chromium with apt-get.\n');
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { DEBIAN_FRONTEND: 'noninteractive' });
}

async function main() {
  const { findChromium, chromiumAdvice } = await import('./chromium.ts');
  if (!findChromium()) installChromium();
  if (!findChromium()) {
    process.stdout.write(`${chromiumAdvice}\n`);
    process.exit(1);
  }

  const viteBin = join(dirname(resolve('vite/package.json')), 'bin/vite.js');
  if (run(process.execPath, [viteBin, 'build', '--logLevel', 'warn']) !== 0) process.exit(1);

  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  const report = join(folder, 'report.json');
  const vitestBin = join(dirname(resolve('vitest/package.json')), 'vitest.mjs');
  const status = run(process.execPath, [vitestBin, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)]);

  const code = tellResults(report, status);
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

await runOnRequiredNode(fileURLToPath(import.meta.url), main);
