/**
 * `npm run test:spark [-- --long]`: the view files on real Spark SQL, with one plain closing line.
 *
 * `--long` measures a million properties too, and compares more random sources.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOnRequiredNode } from '../../electron/hosts/require-node.mjs';

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

  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
  rmSync(folder, { recursive: true, force: true });
  if (result === null) {
    process.stdout.write('The test runner ended without a report.\n0 passed, 1 failed, 0 skipped\n');
    process.exit(1);
  }
  // A file fails without a failed test when it cannot be loaded or what comes before its tests goes wrong.
  const broken = result.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  const skipped = result.testResults.flatMap((file) => file.assertionResults).filter((test) => ['pending', 'skipped', 'todo'].includes(test.status));
  for (const file of broken) process.stdout.write(`not run to its end: ${file.name}\n`);
  for (const test of skipped) process.stdout.write(`not run: ${test.fullName}\n`);
  const failed = result.numFailedTests + broken.length;
  process.stdout.write(`${result.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped\n`);
  process.exit(status === 0 && failed === 0 && result.numPassedTests > 0 ? 0 : 1);
}

await runOnRequiredNode(fileURLToPath(import.meta.url), main);
