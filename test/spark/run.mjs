/**
 * `npm run test:spark [-- --long]`: the view files on real Spark SQL, with one plain closing line.
 *
 * `--long` measures a million properties too, and compares more random sources.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOnRequiredNode } from '../../electron/hosts/require-node.mjs';
import { tellResults } from '../tell-results.mjs';

const root = dirname(dirname(import.meta.dirname));
const resolve = createRequire(import.meta.url).resolve;

async function main() {
  const { prepareSpark } = await import('./prepare-spark.ts');
  const lacking = prepareSpark();
  if (lacking !== null) {
    process.stdout.write(`${lacking}\n0 passed, 1 failed, 0 skipped\n`);
    process.exit(1);
  }

  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  const report = join(folder, 'report.json');
  const vitest = join(dirname(resolve('vitest/package.json')), 'vitest.mjs');
  const args = process.argv.slice(2).filter((argument) => argument !== '--long');
  const env = { ...process.env, COUNTERSIGN_LONG: process.argv.includes('--long') ? '1' : '' };
  const options = ['run', '--config', 'test/spark/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, [vitest, ...options, ...args], { cwd: root, stdio: 'inherit', env });

  const code = tellResults(report, status);
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

await runOnRequiredNode(fileURLToPath(import.meta.url), main);
