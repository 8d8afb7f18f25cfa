import type { ChainReport } from '../../../shared/domain/audit-event.ts';
import { anchorNotAsked, createChainWalk, readEvent, type ChainProblem } from './chain.ts';

/**
 * Verifies an export of the audit log on its own, one event a line.
 *
 * Shape:  `lines` without their line ends; empty lines are skipped. A complete export ends with the event of its own making.
 * Errors: never throws for a broken chain; that is what `firstBad` says. A file cut back to the end of an earlier export
 *         is that earlier export, and passes.
 */
export async function verifyExport(lines: AsyncIterable<string>): Promise<ChainReport> {
  const started = performance.now();
  const walk = createChainWalk();
  let problem: ChainProblem | null = null;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    problem = problem === null ? walk.take(line) : foundLater(problem, line);
  }
  if (problem === null && walk.last()?.type !== 'audit.exported') {
    const seq = walk.events() + 1;
    problem = { seq, problem: 'truncated', text: `The file ends after ${walk.events()} events, before the event that records this export.` };
  }
  return { ok: problem === null, events: walk.events(), head: walk.head(), checkpoints: 0, lastCheckpoint: null, firstBad: problem, anchor: anchorNotAsked, seconds: (performance.now() - started) / 1000 };
}

/** A missing event that turns up further down was only moved. */
function foundLater(problem: ChainProblem, line: string): ChainProblem {
  if (problem.problem !== 'missing' || readEvent(line)?.seq !== problem.seq) return problem;
  return { ...problem, problem: 'reordered', text: `Event ${problem.seq} stands at another place.` };
}
