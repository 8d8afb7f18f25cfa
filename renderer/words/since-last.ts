import type { SinceLast, Snapshot } from '../../shared/domain/snapshot.ts';
import { decisionWords, number, plural } from '../words.ts';

/** Where a value stands that the last refresh found different. */
export const partWords: Record<SinceLast['fields'][number]['part'], string> = { proposed: 'proposed', salesforce: 'in Salesforce', contributors: 'contributors' };

const fallenNames = { approve: 'approval', hold: 'hold', exclude: 'exclusion' } as const;

/** Which decision fell away, and whose it was. */
export function fallenWords(fallen: NonNullable<SinceLast['fallen']>, when: string): string {
  const said = fallen.reason === null ? '' : ` Its reason was: ${fallen.reason}`;
  return `${decisionWords[fallen.decision]} by ${fallen.by}, ${when}. The decision fell away, because it was about the old content.${said}`;
}

/** "12 fallen approvals". */
export function fallenCount(decision: keyof typeof fallenNames, count: number): string {
  return plural(count, `fallen ${fallenNames[decision]}`);
}

/** What a refresh brought, in one line. Where all was added, there was nothing to compare with, or nothing in it. */
export function broughtWords({ id, creates, updates, added, changed, removed }: Snapshot): string {
  if (added === creates + updates && changed === 0 && removed === 0) return added === 0 ? `Nothing is pending in ${id}, and nothing was before it.` : `Before ${id} nothing was pending: all ${plural(added, 'record')} came with it.`;
  const fallen = changed > 0 ? ' A decision on a changed record has fallen away: it was about what the record said before.' : '';
  return `${id} compared with the snapshot before it. ${number(added)} added, ${number(changed)} changed, ${number(removed)} removed.${fallen}`;
}
