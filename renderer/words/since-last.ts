import type { SinceLast } from '../../shared/domain/snapshot.ts';
import { decisionWords, plural } from '../words.ts';

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
