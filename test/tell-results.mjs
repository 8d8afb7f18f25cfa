import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const firstLine = (text) => text.trim().split('\n', 1)[0] ?? '';

/**
 * Names what a test runner's JSON report says did not run or failed, one a line, and closes with the plain count line.
 *
 * Shape:  the exit code: 0 when something passed and nothing failed. A runner that wrote no report counts as one failure.
 */
export function tellResults(report, status) {
  if (!existsSync(report)) {
    process.stdout.write('The test runner ended without a report.\n0 passed, 1 failed, 0 skipped\n');
    return 1;
  }
  const { testResults, numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults.flatMap((file) => file.assertionResults);
  // A file fails without a failed test when it cannot be loaded or what comes before or after its tests goes wrong.
  const broken = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  const skipped = tests.filter((test) => ['pending', 'skipped', 'todo'].includes(test.status));
  for (const test of skipped) process.stdout.write(`not run: ${test.fullName}\n`);
  for (const file of broken) process.stdout.write(`failed: ${relative('.', file.name)}, which could not be loaded, prepared or cleared away: ${firstLine(file.message ?? '')}\n`);
  for (const test of tests.filter(({ status: one }) => one === 'failed')) process.stdout.write(`failed: ${test.fullName}: ${firstLine(test.failureMessages[0] ?? '')}\n`);
  const failed = numFailedTests + broken.length;
  process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${skipped.length} skipped\n`);
  return status === 0 && failed === 0 && numPassedTests > 0 ? 0 : 1;
}
