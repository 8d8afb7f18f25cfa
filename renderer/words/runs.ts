import type { ApiBudget } from '../../shared/domain/api-budget.ts';
import type { Batch, PushMode, Run, RunProgress } from '../../shared/domain/batch.ts';
import { outcomes, type Outcome, type OutcomeCounts } from '../../shared/domain/outcome.ts';
import { number, outcomeWords, percent, plural, runStateWords } from '../words.ts';

/** How a run or a batch turned out as a whole: the look of its mark, and a sentence without a full stop. */
export interface Verdict {
  look: 'ok' | 'warning' | 'blocker';
  text: string;
}

/** The sum of all outcomes; anything but `planned` is a fault. */
export function sumOf(counts: OutcomeCounts): number {
  return outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
}

/** The counts by outcome in words: `5 succeeded, 4 failed, …`; all six, or those asked for. */
export function countsInWords(counts: OutcomeCounts, which: readonly Outcome[] = outcomes): string {
  return which.map((outcome) => `${number(counts[outcome])} ${outcomeWords[outcome].toLowerCase()}`).join(', ');
}

const troubling: readonly Outcome[] = ['failed', 'unknown', 'stale', 'notSent'];

/** What kept records from arriving, in order of weight; empty where everything arrived or was equal already. */
function troublesOf(counts: OutcomeCounts): string[] {
  return troubling.filter((outcome) => counts[outcome] > 0).map((outcome) => countsInWords(counts, [outcome]));
}

/** The first thing to be said of records that did not arrive, such as `10 failed`; null where all did. */
export function heaviestTrouble(counts: OutcomeCounts | null): string | null {
  return (counts && troublesOf(counts)[0]) ?? null;
}

/** How it turned out. A run in which nothing succeeded says so first, whatever else there is to say. */
export function verdictOf(counts: OutcomeCounts): Verdict {
  if (sumOf(counts) !== counts.planned) return { look: 'blocker', text: 'The counts do not add up' };
  const troubles = troublesOf(counts);
  if (troubles.length === 0) return { look: 'ok', text: counts.skipped === 0 ? `All ${number(counts.planned)} succeeded` : `${number(counts.succeeded)} succeeded, ${number(counts.skipped)} skipped` };
  if (counts.succeeded === 0) return { look: 'blocker', text: `Nothing succeeded: ${troubles.join(', ')}` };
  return { look: counts.failed + counts.unknown > 0 ? 'blocker' : 'warning', text: `${troubles.join(', ')} of ${number(counts.planned)}` };
}

/** The verdict on a batch once its run has ended or stands still; null before, and while one is at work. */
export function batchVerdict(batch: Pick<Batch, 'state' | 'outcomes'>): Verdict | null {
  const hasEnded = batch.state === 'completed' || batch.state === 'completed-with-errors' || batch.state === 'aborted';
  return hasEnded && batch.outcomes ? verdictOf(batch.outcomes) : null;
}

/** What became of a run, with all counts; where nothing succeeded that comes first. */
export function runSentence({ id, state, counts }: Pick<Run, 'id' | 'state' | 'counts'>): string {
  const isInVain = counts.succeeded === 0 && troublesOf(counts).length > 0;
  return `Run ${id} ${runStateWords[state]}${isInVain ? ', nothing succeeded' : ''}: ${countsInWords(counts)}.`;
}

/** Whether a run that has ended or stands still may be told as done. */
export function isWhole({ state, counts }: Pick<Run, 'state' | 'counts'>): boolean {
  return state === 'completed' && verdictOf(counts).look === 'ok';
}

/** Why a run stands still or how it ended, without the counts. */
export const openRunWords: Record<'interrupted' | 'stopped', { was: string; meaning: string }> = {
  interrupted: { was: 'was interrupted', meaning: 'Countersign ended in the middle of it.' },
  stopped: { was: 'was stopped', meaning: 'It stopped after a chunk.' },
};

/** What resuming does; said wherever one can resume. */
export const resumeMeaning = 'On resuming, every record without an answer is looked up in Salesforce before anything is sent again; nothing is sent twice.';

/** What a run is doing right now. */
export function phaseWords({ phase, chunk, chunks }: RunProgress): string {
  const where = chunk > 0 ? ` chunk ${number(chunk)} of ${number(chunks)}` : '';
  switch (phase) {
    case 'reading':
      return chunk > 0 ? `Reading${where} again before it is written` : 'Looking up what is in Salesforce';
    case 'writing':
      return chunk > 0 ? `Writing${where}` : 'Starting';
    case 'reading-back':
      return `Reading${where} back`;
    case 'job':
      return `Salesforce works on the bulk job of${where}`;
    case 'waiting':
      return 'Waiting';
    case 'ended':
      return 'Ended';
  }
}

/** Why a run waits, and for how long still; `left` is a countdown such as `9:41`, or null once it has run out. */
export function waitingSentence({ waitsFor }: Pick<RunProgress, 'waitsFor'>, left: string | null): string {
  if (waitsFor === 'late-effect') return `The answer to a call was lost. Salesforce may still be working on it; ${left === null ? 'looking again now' : `looking again in ${left}`}.`;
  return `Salesforce refused a call for now: it is busy, or records are locked. Nothing is lost; ${left === null ? 'trying again now' : `trying again in ${left}`}.`;
}

/** How far a run is, as a share of what was planned. */
export function shareDone(counts: OutcomeCounts): number {
  return counts.planned === 0 ? 1 : (counts.planned - counts.notSent - counts.unknown) / counts.planned;
}

export const modeWords: Record<Run['mode'], { name: string; meaning: string; gap: string }> = {
  collections: {
    name: 'Collections',
    meaning: 'Calls of up to 200 records, each with an answer of its own.',
    gap: 'What somebody else changes between the re-read of a chunk and its write, about a second or two, is overwritten unnoticed. Strict closes this gap.',
  },
  bulk: {
    name: 'Bulk',
    meaning: 'One job for up to 10,000 records: the fewest API calls. Salesforce works in the background; answers come when the job has ended.',
    gap: 'What somebody else changes between the re-read of a chunk and the end of its job, which can be minutes, is overwritten unnoticed. Strict closes this gap.',
  },
  strict: {
    name: 'Strict',
    meaning: 'Calls of 25 records. Salesforce itself refuses an update whose record was changed after it was re-read. The slowest, with the most API calls.',
    gap: 'Salesforce compares to the second: two changes within one second cannot be told apart.',
  },
};

/** The mode that auto takes for so many records. */
export function autoPick(records: number, bulkThreshold: number): 'collections' | 'bulk' {
  return records > bulkThreshold ? 'bulk' : 'collections';
}

/** What auto picks, and why. */
export function autoMeaning(records: number, bulkThreshold: number): string {
  const picked = autoPick(records, bulkThreshold);
  return `Takes ${modeWords[picked].name.toLowerCase()}: ${plural(records, 'record')} ${records === 1 ? 'is' : 'are'} ${picked === 'bulk' ? 'above' : 'within'} the bulk threshold of ${number(bulkThreshold)}.`;
}

/** The records of one API call's or one job's worth of work. */
const perCall: Record<Run['mode'], number> = { collections: 200, bulk: 10_000, strict: 25 };

/** How many chunks a plan is cut into in a mode. */
export function chunksOf({ creates, updates }: { creates: number; updates: number }, mode: Run['mode'], chunkSize: number): number {
  const size = mode === 'bulk' ? perCall.bulk : Math.min(chunkSize, perCall[mode]);
  return Math.ceil(creates / size) + Math.ceil(updates / size);
}

/** The mode that a choice comes down to. */
export function effectiveMode(mode: PushMode, records: number, bulkThreshold: number): Run['mode'] {
  return mode === 'auto' ? autoPick(records, bulkThreshold) : mode;
}

/** What a push needs of the day's API calls, and what is left of them. */
export function budgetSentence({ needed, reserve, left, limit }: ApiBudget): string {
  const need = `Needs about ${plural(needed, 'API call')}`;
  return left === null || limit === null ? `${need}; the org has not told its limit yet.` : `${need}; ${number(left)} of ${number(limit)} are left today, of which ${number(reserve)} are kept for others.`;
}

/** What abandoning does to the records of a run. */
export function abandonMeaning(name: string, counts: OutcomeCounts): string {
  const written = counts.succeeded > 0 ? ` ${plural(counts.succeeded, 'record')} that succeeded ${counts.succeeded === 1 ? 'stays' : 'stay'} written.` : '';
  const unsent = counts.notSent > 0 ? ` ${number(counts.notSent)} not sent ${counts.notSent === 1 ? 'stays' : 'stay'} unsent; they can be drawn into a new batch.` : '';
  const unknown = counts.unknown > 0 ? ` ${number(counts.unknown)} unknown ${counts.unknown === 1 ? 'stays' : 'stay'} unknown: nobody looks ${counts.unknown === 1 ? 'it' : 'them'} up any more.` : '';
  return `${name} is aborted for good: it cannot be resumed or retried.${written}${unsent}${unknown}`;
}

/** The share of a run that is done, as a sign for a narrow place. */
export function shareWords(counts: OutcomeCounts): string {
  return percent(shareDone(counts)).replace(/\.\d/u, '');
}
