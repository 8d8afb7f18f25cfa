import type { AccessCheck, AccessReport, SignIn, ViewReport, WarehouseProgress } from '../../shared/domain/warehouse.ts';
import { number, plural } from '../words.ts';

/** What a warehouse is, in words. */
export const warehouseKindWords = { embedded: 'Embedded, on this machine', databricks: 'Databricks' } as const;

const stateWords: Record<WarehouseProgress['state'], string> = {
  connecting: 'Connecting to the warehouse',
  starting: 'The warehouse is starting',
  retrying: 'The warehouse did not answer',
  'signing-in': 'Waiting for the sign-in in the browser',
  running: 'The warehouse is at work',
  ready: 'The warehouse is ready',
};

/** What the warehouse is doing, which try this is, and when the next one comes: `The warehouse is starting (try 2, next in 4 s)`. */
export function progressWords({ state, attempt, nextInSeconds }: WarehouseProgress): string {
  const facts = [...(attempt > 1 || nextInSeconds !== null ? [`try ${attempt}`] : []), ...(nextInSeconds === null ? [] : [`next in ${Math.max(0, Math.ceil(nextInSeconds))} s`])];
  return facts.length === 0 ? stateWords[state] : `${stateWords[state]} (${facts.join(', ')})`;
}

/** True while somebody has to wait for the warehouse itself, not for its rows. */
export function isWaiting(progress: WarehouseProgress): boolean {
  return progress.state !== 'running' && progress.state !== 'ready';
}

/** The page on which a person signs in, where the core could not open it; null for anything that is no https address. */
export function signInPage(progress: WarehouseProgress | null): string | null {
  if (progress?.state !== 'signing-in' || progress.reason === null || !URL.canParse(progress.reason)) return null;
  return new URL(progress.reason).protocol === 'https:' ? progress.reason : null;
}

/** What the warehouse says of itself while it lets somebody wait; an address to sign in at is no reason. */
export function reasonOf(progress: WarehouseProgress): string | null {
  return progress.state === 'signing-in' ? null : progress.reason;
}

export const signInMethodWords: Record<SignIn['method'], string> = {
  'none-needed': 'None needed',
  token: 'Personal access token',
  'oauth-m2m': 'Service principal (OAuth)',
  'oauth-u2m': 'A person, by browser (OAuth)',
  none: 'Nobody is signed in',
};

const keptWords: Record<NonNullable<SignIn['kept']>, string> = {
  environment: 'From the environment',
  keystore: 'Stored in the system keystore',
  session: 'Kept until Countersign is closed',
};

/** Where the secret of a warehouse is kept. */
export function keptSentence({ method, kept }: SignIn): string {
  if (method === 'none-needed') return 'None needed';
  return kept === null ? 'None' : keptWords[kept];
}

export const needWords: Record<AccessCheck['state'], string> = { ok: 'OK', missing: 'Missing', failed: 'Failed', 'not-checked': 'Not checked' };

/** What a test of the connection has found, and what that means. A need that is not met while all is well is an optional one. */
export function accessWords({ ok, checks }: AccessReport): { title: string; meaning: string } {
  if (checks.length === 0) return { title: ok ? 'Nothing has to be granted.' : 'The warehouse cannot be used.', meaning: '' };
  const count = (state: AccessCheck['state']): number => checks.filter((check) => check.state === state).length;
  const [missing, failed, unchecked] = [count('missing'), count('failed'), count('not-checked')];
  const optional = missing + failed;
  if (ok) return { title: 'Everything that is needed is there.', meaning: optional === 0 ? '' : `${plural(optional, 'optional one')} ${optional === 1 ? 'is' : 'are'} not; Countersign works without.` };
  const parts = [...(missing === 0 ? [] : [`${number(missing)} ${missing === 1 ? 'is' : 'are'} missing`]), ...(failed === 0 ? [] : [`${number(failed)} failed`])];
  const advice = missing === 0 ? 'Read below what was said, put it right, then test again.' : 'Give the statements below to somebody who may grant them, then test again.';
  return {
    title: `Of ${plural(checks.length, 'need')} ${parts.join(', ')}.`,
    meaning: `Until then what they are needed for fails; nothing is changed by that. ${advice}${unchecked === 0 ? '' : ` ${plural(unchecked, 'need')} could not be checked.`}`,
  };
}

/** State of a deployed view; where nothing is deployed, the texts of this version run. */
export const viewStateWords: Record<ViewReport['state'], string> = { same: 'Deployed', differs: 'Differs', missing: 'Missing', unreadable: 'Cannot be read' };
export const runsAsItStands = 'Runs as it stands';
