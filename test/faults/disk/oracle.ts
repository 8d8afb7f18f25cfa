import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { recordStates } from '../../../shared/domain/outcome.ts';
import { outcomesOf, type PushWorkbench } from '../../core/push/push-workbench.ts';
import { instantClock } from '../../core/push/push-workbench.ts';
import { pushToTheEnd } from './push-to-the-end.ts';

/** What has really happened in the org, one entry per effect. */
export async function effectsOf(bench: PushWorkbench): Promise<string[]> {
  return (await bench.journal()).map(({ operation, externalKey }) => `${operation} ${externalKey}`);
}

/** Effects without an intent in the ledger: sent although nothing durable said so. */
export async function unannounced(bench: PushWorkbench): Promise<string[]> {
  const effects = await effectsOf(bench);
  const ledger = await openLedger({ folder: bench.folder, threads: false });
  try {
    const [run] = await ledger.runs('B-1');
    const records = run === undefined ? [] : await ledger.runRecords({ runId: run.id, states: recordStates, after: null, limit: 10_000 });
    const intended = new Set(records.filter(({ attempts }) => attempts > 0).map(({ kind, key }) => `${kind} ${key}`));
    return effects.filter((effect) => !intended.has(effect)).map((effect) => `sent without a durable intent: ${effect}`);
  } finally {
    await ledger.close();
  }
}

/**
 * Recovers the workspace of a dead process and says what is wrong then: every planned record must have exactly one effect and
 * the outcome succeeded, the counts add up, the pages and the chain hold.
 */
export async function problemsAfterRecovery(bench: PushWorkbench, planned: number, chunkSize: number): Promise<string[]> {
  const problems = await unannounced(bench);
  const ledger = await openLedger({ folder: bench.folder, threads: false });
  try {
    const run = await pushToTheEnd(ledger, bench.org, instantClock(), chunkSize);
    if (run.state !== 'completed' || run.counts.planned !== planned || run.counts.succeeded !== planned) problems.push(`the run is ${run.state}: ${JSON.stringify(run.counts)}`);
    const effects = await effectsOf(bench);
    if (new Set(effects).size !== planned || effects.length !== planned) problems.push(`${effects.length} effects on ${new Set(effects).size} of ${planned} records`);
    const outcomes = [...(await outcomesOf(ledger)).values()].filter(({ outcome, salesforceId }) => outcome === 'succeeded' && salesforceId !== null);
    if (outcomes.length !== planned) problems.push(`${outcomes.length} of ${planned} outcomes say succeeded`);
    const told = (await ledger.eventsFrom(1, 10_000)).filter(({ type, data }) => type === 'record.pushed' && data['outcome'] === 'succeeded').flatMap(({ keys }) => keys);
    if (told.length !== planned || new Set(told).size !== planned) problems.push(`the log tells ${told.length} successes of ${new Set(told).size} records`);
    const runs = await ledger.runs('B-1');
    if (runs.length !== 1) problems.push(`${runs.length} runs of one plan`);
    const report = await ledger.verify();
    if (!report.ok) problems.push(`the chain: ${report.firstBad?.text ?? ''}`);
  } catch (error) {
    problems.push(`the next life failed: ${String(error)}`);
  } finally {
    await ledger.close();
  }
  return problems;
}
