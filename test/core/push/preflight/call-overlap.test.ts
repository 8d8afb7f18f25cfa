import { afterEach, expect, it } from 'vitest';
import { startRun } from '../../../../electron/core/push/run.ts';
import { asAda, openWorkbench, planOf, plannedCreate, type PushWorkbench } from '../push-workbench.ts';

interface LoggedCall {
  at: string;
  method: string;
  path: string;
  durationMs: number;
}

const isWrite = ({ method, path }: LoggedCall): boolean => method !== 'GET' && !/\/composite\/sobjects\/\w+$/u.test(path);

/** The org's log has whole milliseconds; a call that began within the last of another did not overlap it. */
const roundingMs = 2;
const delayMs = 25;

/** The most calls of a list that were at work at one moment. */
function mostAtOnce(calls: readonly LoggedCall[]): number {
  const spans = calls.map(({ at, durationMs }) => ({ from: Date.parse(at) - durationMs + roundingMs, to: Date.parse(at) }));
  return Math.max(0, ...spans.map(({ from }) => spans.filter((other) => other.from <= from && from < other.to).length));
}

let bench: PushWorkbench;
afterEach(async () => bench.close());

it.each(['collections', 'strict', 'bulk'] as const)('A run by %s makes one write call at a time and at most four reads', async (mode) => {
  const longKey = (number: number) => `${String(number).padStart(5, '0')}-${'k'.repeat(58)}`;
  const plan = [...Array.from({ length: 600 }, (_, index) => plannedCreate(index + 1, { key: longKey(index + 1) })), ...planOf(0, 60)];
  bench = await openWorkbench(plan);
  await bench.control('DELETE', '/calls');
  await bench.addFault({ match: { path: '^/services/data/' }, times: -1, action: { delayMs } });
  expect(await startRun(bench.deps, asAda(), { batch: { id: 'B-1' }, mode })).toMatchObject({ state: 'completed' });
  const { recent } = await bench.control<{ recent: LoggedCall[] }>('GET', '/calls');
  const calls = recent.filter(({ path }) => path.startsWith('/services/data/'));
  const writes = calls.filter(isWrite);
  expect(writes.length).toBeGreaterThan(3);
  expect(mostAtOnce(writes)).toBe(1);
  expect(mostAtOnce(calls.filter((call) => !isWrite(call)))).toBeLessThanOrEqual(4);
});

it('Calls that do overlap are seen in the log of the org', async () => {
  bench = await openWorkbench(planOf(0, 1));
  await bench.addFault({ match: { path: '/query' }, times: -1, action: { delayMs: 200 } });
  const signal = new AbortController().signal;
  await bench.org.identity(signal);
  await bench.control('DELETE', '/calls');
  await Promise.all(Array.from({ length: 3 }, () => bench.org.countRecords('Product_Property__c', signal)));
  const { recent } = await bench.control<{ recent: LoggedCall[] }>('GET', '/calls');
  expect(mostAtOnce(recent.filter(({ path }) => path.includes('/query')))).toBeGreaterThan(1);
});
