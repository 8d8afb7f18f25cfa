import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createShipper, type Shipper } from '../../../electron/core/audit/shipper.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { Clock } from '../../../electron/core/ports.ts';
import { addEvents, scriptedAuditTable, type Fate, type ScriptedAuditTable } from './scripted-audit-table.ts';
import { temporaryLedger } from './temporary-audit.ts';

const never = new AbortController().signal;

interface Bench {
  ledger: Ledger;
  table: ScriptedAuditTable;
  shipper: Shipper;
  /** Backlogs as they were told. */
  told: number[];
  logged: string[];
  setFate(fate: Fate): void;
  /** Moves the clock on and wakes those who wait. */
  pass(ms: number): Promise<void>;
}

async function openShipper(isLasting: boolean, events = 10, limit: number | null = null): Promise<Bench> {
  const { ledger } = await temporaryLedger(events);
  let fate: Fate = 'answered';
  let elapsed = 0;
  let sleepers: { until: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => new Date(Date.UTC(2026, 10, 26, 12) + elapsed).toISOString(),
    elapsedMs: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((wake) => {
        sleepers.push({ until: elapsed + ms, wake });
        signal.addEventListener('abort', () => wake());
      }),
  };
  const table = scriptedAuditTable(() => fate);
  const told: number[] = [];
  const logged: string[] = [];
  const log = (event: string): void => void logged.push(event);
  const shipper = createShipper({ deps: { ledger, table, clock }, logger: { info: log, warn: log, error: log }, onShipped: (backlog) => told.push(backlog), isLasting, isAlone: true, limit: async () => limit });
  onTestFinished(() => shipper.close(AbortSignal.abort()));
  return {
    ledger, table, shipper, told, logged,
    setFate: (next) => {
      fate = next;
    },
    async pass(ms) {
      elapsed += ms;
      const due = sleepers.filter(({ until }) => until <= elapsed);
      sleepers = sleepers.filter(({ until }) => until > elapsed);
      for (const { wake } of due) wake();
      await nextTurn();
    },
  };
}

test('a nudge copies in the background; nothing is copied without one before a minute is over', async () => {
  const { shipper, told, table, pass, ledger } = await openShipper(true);
  await pass(59_000);
  expect(table.calls).toEqual([]);
  shipper.nudge();
  shipper.nudge();
  await vi.waitFor(() => expect(told).toEqual([0]));
  await addEvents(ledger, 3);
  await pass(1_000);
  await vi.waitFor(() => expect(told).toEqual([0, 0]));
  const calls = table.calls.length;
  await pass(60_000);
  expect(table.calls, 'nothing waits').toHaveLength(calls);
  await addEvents(ledger, 3);
  await pass(60_000);
  await vi.waitFor(() => expect(told).toEqual([0, 0, 0]));
});

test('while it fails it tries less and less often, at least every ten minutes, and says so in the log only', async () => {
  const { shipper, told, logged, setFate, pass } = await openShipper(true);
  setFate('refused');
  shipper.nudge();
  await vi.waitFor(() => expect(told).toEqual([10]));
  const triedAt: number[] = [];
  for (let minute = 1; minute <= 45; minute += 1) {
    const before = told.length;
    await pass(60_000);
    if (told.length > before) triedAt.push(minute);
  }
  expect(triedAt).toEqual([1, 3, 7, 15, 25, 35, 45]);
  expect(new Set(logged)).toEqual(new Set(['audit.not-copied']));
  setFate('answered');
  await pass(600_000);
  await vi.waitFor(() => expect(told.at(-1)).toBe(0));
});

test('callers at the same time take turns; each event is sent once', async () => {
  const { shipper, table } = await openShipper(true, 300);
  shipper.nudge();
  await Promise.all([shipper.ship(never), shipper.ship(never), shipper.ship(never)]);
  expect(table.rows).toHaveLength(301);
  expect(table.calls.slice(0, 4)).toEqual(['evidence', 'append', 'append', 'evidence']);
});

test('closing copies the rest where the warehouse answered last time, and does not wait for one that did not', async () => {
  const good = await openShipper(true);
  await good.shipper.ship(never);
  await addEvents(good.ledger, 5);
  await good.shipper.close(never);
  expect(good.told).toEqual([0, 0]);

  const bad = await openShipper(true);
  bad.setFate('refused');
  await expect(bad.shipper.ship(never)).rejects.toMatchObject({ error: { code: 'source-unavailable' } });
  const calls = bad.table.calls.length;
  await bad.shipper.close(never);
  expect(bad.table.calls).toHaveLength(calls);

  const unasked = await openShipper(true);
  await unasked.shipper.close(never);
  expect(unasked.table.calls).toEqual([]);
});

test('closing ends a shipment that hangs', async () => {
  const { shipper, setFate, table, ledger } = await openShipper(true);
  setFate('silent');
  shipper.nudge();
  await vi.waitFor(() => expect(table.calls).toEqual(['evidence']));
  const started = performance.now();
  await shipper.close(AbortSignal.abort());
  expect(performance.now() - started).toBeLessThan(1_500);
  expect((await ledger.shipping()).failure).toBeNull();
});

test('a one-shot command copies once before it ends, and only when something was done', async () => {
  const idle = await openShipper(false);
  await idle.shipper.close(never);
  expect(idle.table.calls).toEqual([]);
  const busy = await openShipper(false);
  busy.shipper.nudge();
  expect(busy.table.calls).toEqual([]);
  await busy.shipper.close(never);
  expect([busy.told, busy.table.rows.length]).toEqual([[0], 11]);
});

test('a one-shot command tells what waits: when it fails, when one failed just before, and when it is hurried', async () => {
  const { ledger, shipper, setFate, told, table } = await openShipper(false);
  setFate('refused');
  shipper.nudge();
  await shipper.close(never);
  expect(told).toEqual([10]);

  const next = createShipper({ deps: { ledger, table, clock: { now: () => '2026-11-26T12:00:30.000Z', elapsedMs: () => 0, sleep: async () => {} } }, logger: { info() {}, warn() {}, error() {} }, onShipped: (backlog) => told.push(backlog), isLasting: false, isAlone: true, limit: async () => null });
  const calls = table.calls.length;
  next.nudge();
  await next.close(never);
  expect([told, table.calls.length]).toEqual([[10, 10], calls]);

  const hurried = await openShipper(false);
  hurried.shipper.nudge();
  await hurried.shipper.close(AbortSignal.abort());
  expect([hurried.told, hurried.table.calls]).toEqual([[10], []]);
});

test('before a run one try is made, and only where the run would be refused', async () => {
  const within = await openShipper(false, 10, 10);
  await within.shipper.beforeRun(never, 'new');
  expect(within.table.calls).toEqual([]);
  const beyond = await openShipper(false, 11, 10);
  beyond.setFate('refused');
  await beyond.shipper.beforeRun(never, 'resumed');
  expect(beyond.told).toEqual([]);
  await beyond.shipper.beforeRun(never, 'new');
  expect(beyond.told).toEqual([11]);
  beyond.setFate('answered');
  await beyond.shipper.beforeRun(never, 'new');
  expect(beyond.told).toEqual([11, 0]);
});

test('a warehouse that does not answer in time has failed; one that takes something is only slow', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const silent = await openShipper(false, 11, 10);
  silent.setFate('silent');
  const waiting = silent.shipper.beforeRun(never, 'new');
  await nextTurn();
  await vi.advanceTimersByTimeAsync(20_000);
  await waiting;
  expect((await silent.ledger.shipping()).failure).toMatchObject({ code: 'source-unavailable', message: 'The warehouse did not answer within 20 seconds.', fork: false });

  const slow = await openShipper(false, 300, 10);
  const append = slow.table.append.bind(slow.table);
  slow.table.append = async (rows, signal) => {
    await append(rows, signal);
    slow.setFate('silent');
  };
  const copying = slow.shipper.beforeRun(never, 'new');
  await nextTurn();
  await vi.advanceTimersByTimeAsync(20_000);
  await copying;
  expect(await slow.ledger.shipping()).toMatchObject({ shipped: 200, failure: null });
});
