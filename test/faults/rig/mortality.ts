import type { BulkIngest, Org } from '../../../electron/core/org-ports.ts';
import type { Ledger, LedgerWrite } from '../../../electron/core/ledger-ports.ts';
import type { KillPoint } from './kill-point.ts';

type Commit = Parameters<Ledger['commit']>[0];
type Method = (...args: never[]) => Promise<unknown>;

/** Ports of a process that kills itself at a given moment. */
export interface Mortality {
  ledger(ledger: Ledger): Ledger;
  org(org: Org): Org;
  pass(moment: string): void;
  /** The moments that were passed, by name. */
  passed(): Record<string, number>;
}

/** What a commit is about; one may be about several things. */
function subjectsOf({ events, writes }: Commit): string[] {
  const subjects: string[] = [];
  for (const step of writes) {
    if (step.write === 'run.start') subjects.push('start');
    if (step.write === 'record.intents') subjects.push('intent');
    if (step.write === 'record.results') subjects.push('outcome');
    if (step.write === 'job.put') subjects.push(`job-${step.job.state}`);
  }
  for (const { type } of events) {
    if (type === 'run.finished') subjects.push('end');
    if (type === 'run.stopped') subjects.push('stop');
    if (type === 'run.resumed') subjects.push('resume');
    if (type === 'chunk.resolved') subjects.push('resolve');
  }
  return [...new Set(subjects)];
}

/** The writes of a commit, the last of which is reached only in the middle of its transaction. */
function deadlyWrites(writes: readonly LedgerWrite[], die: () => void): LedgerWrite[] {
  const last = writes.at(-1);
  if (last === undefined) return [];
  const { write, ...rest } = last;
  const deadly = Object.defineProperty({ ...rest }, 'write', {
    enumerable: true,
    get: () => {
      die();
      return write;
    },
  });
  return [...writes.slice(0, -1), deadly as LedgerWrite];
}

/**
 * Watches the moments of a process and kills it at the one that was ordered.
 *
 * Shape:  moments are the beginning and the end of each call of the org (`insert:called`, `insert:answered`), and of each commit by
 *         what it is about (`intent:before`, `intent:within`, `intent:after`). SIGKILL ends the process where it stands.
 */
export function mortality(killAt: KillPoint): Mortality {
  const seen = new Map<string, number>();
  let passed = 0;
  const die = (): void => void process.kill(process.pid, 'SIGKILL');

  const isNow = (moment: string): boolean => {
    const times = (seen.get(moment) ?? 0) + 1;
    seen.set(moment, times);
    return killAt.by === 'moment' && killAt.moment === moment && killAt.nth === times;
  };
  const pass = (...moments: string[]): void => {
    const isNamed = moments.map(isNow).some(Boolean);
    passed += 1;
    if (isNamed) die();
    if (killAt.by !== 'count' || killAt.count !== passed) return;
    if (killAt.afterMs === null) die();
    else setTimeout(die, killAt.afterMs);
  };

  const watched = <M extends Method>(name: string, method: M): M =>
    (async (...args: never[]) => {
      pass(`${name}:called`);
      // The call is on its way, or at least in the hands of the adapter.
      const answer = method(...args);
      pass(`${name}:under-way`);
      const result = await answer;
      pass(`${name}:answered`);
      return result;
    }) as M;

  const bulk = (port: BulkIngest): BulkIngest => ({
    create: watched('bulk.create', port.create),
    upload: watched('bulk.upload', port.upload),
    close: watched('bulk.close', port.close),
    abort: watched('bulk.abort', port.abort),
    job: watched('bulk.job', port.job),
    async *results(jobId, signal) {
      pass('bulk.results:called');
      for await (const page of port.results(jobId, signal)) {
        yield page;
        pass('bulk.results:page');
      }
      pass('bulk.results:answered');
    },
  });

  return {
    pass,
    passed: () => Object.fromEntries(seen),
    org: (org) => ({
      ...org,
      readByIds: watched('readByIds', org.readByIds),
      readByKeys: watched('readByKeys', org.readByKeys),
      insert: watched('insert', org.insert),
      update: watched('update', org.update),
      insertStrict: watched('insertStrict', org.insertStrict),
      updateStrict: watched('updateStrict', org.updateStrict),
      bulk: bulk(org.bulk),
    }),
    ledger: (ledger) => ({
      ...ledger,
      commit: async (step) => {
        const subjects = subjectsOf(step);
        pass(...subjects.map((subject) => `${subject}:before`));
        const isWithin = subjects.map((subject) => isNow(`${subject}:within`)).some(Boolean);
        const chained = await ledger.commit(isWithin ? { ...step, writes: deadlyWrites(step.writes, die) } : step);
        pass(...subjects.map((subject) => `${subject}:after`));
        return chained;
      },
    }),
  };
}
