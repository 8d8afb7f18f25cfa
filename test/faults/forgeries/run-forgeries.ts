import { randomFrom } from '../random-from.ts';
import { runScript, verifyBothExports, verifyBothLedgers, type Verdicts } from './both-verifiers.ts';
import { ledgerForgeries, putIntoLedger } from './forged-ledger.ts';
import { readHeads, type ForgedLog } from './forged-log.ts';
import { forgeryKinds } from './forgery-kinds.ts';
import { openInMemory, writeHonestLog, type HonestLog, type Random } from './honest-log.ts';

export interface ForgeryOptions {
  count: number;
  seed: number;
  /** Told each forgery that was missed, each honest log that was refused, and the sum. */
  log(line: string): void;
}

export interface ForgeryCounts {
  tried: number;
  missedByApp: number;
  missedByScript: number;
  honestRefused: number;
  kinds: Record<string, number>;
}

const honestEvents = 260;
/** Every so many forgeries are also tried in the tables of a ledger. */
const inLedgerEvery = 4;
/** Every so many are also given to the script as a process of its own. */
const asProcessEvery = 101;
const honestEvery = 250;

/**
 * Forges a real log in many ways, at places older than its anchor, and lets both verifiers look at each forgery.
 *
 * Shape:  the same seed tries the same kinds at the same places; keys and ids are new each time. Honest logs of random length are
 *         looked at too, and must be accepted.
 */
export async function runForgeries({ count, seed, log }: ForgeryOptions): Promise<ForgeryCounts> {
  const random = randomFrom(seed);
  const honest = await writeHonestLog(seed, honestEvents);
  const other = await writeHonestLog(seed + 1, honestEvents);
  const counts: ForgeryCounts = { tried: 0, missedByApp: 0, missedByScript: 0, honestRefused: 0, kinds: {} };
  const judge = (kind: string, { app, script, places }: Verdicts): void => {
    counts.tried += 1;
    counts.kinds[kind] = (counts.kinds[kind] ?? 0) + 1;
    if (app) counts.missedByApp += 1;
    if (script) counts.missedByScript += 1;
    if (app || script) log(`missed by ${app ? (script ? 'both' : 'the app') : 'the script'}: ${kind} (seed ${seed}, first bad ${places.join(' and ')})`);
  };

  const db = openInMemory(honest.file);
  const inLedger = async (kind: string, forge: () => void): Promise<void> => {
    db.exec('SAVEPOINT forgery');
    forge();
    judge(kind, await verifyBothLedgers(db, honest.anchor));
    db.exec('ROLLBACK TO forgery; RELEASE forgery');
  };

  await honestLogs({ count: 1 + Math.floor(count / honestEvery), random, counts, log });
  const turns = turnsOf(random, honest, other);
  for (let number = 0; counts.tried < count; number += 1) {
    const { kind, forged, inTable } = turns.next().value;
    if (forged === null) {
      await inLedger(kind, () => inTable(db));
      continue;
    }
    judge(kind, await verifyBothExports(forged, honest.anchor));
    if (number % inLedgerEvery === 0 && isStorable(forged)) await inLedger(`${kind}, in the ledger`, () => putIntoLedger(db, forged));
    if (number % asProcessEvery === 0 && (await runScript(forged, honest.anchor)) !== 6) {
      counts.missedByScript += 1;
      log(`missed by the script as a process: ${kind} (seed ${seed})`);
    }
  }
  db.close();
  log(`${counts.tried} forgeries of ${Object.keys(counts.kinds).length} kinds: ${counts.missedByApp} missed by the app, ${counts.missedByScript} missed by the script; ${counts.honestRefused} honest logs refused`);
  return counts;
}

interface Turn {
  kind: string;
  /** Null where it is a forgery of a table. */
  forged: ForgedLog | null;
  inTable(db: ReturnType<typeof openInMemory>): void;
}

/** All kinds in turn, without end; what chance made no change of is made again. */
function* turnsOf(random: Random, honest: HonestLog, other: HonestLog): Generator<Turn, never> {
  for (;;) {
    for (const [kind, forge] of Object.entries(forgeryKinds)) {
      const forged = forge(honest, random, other);
      if (forged !== null) yield { kind, forged, inTable: () => {} };
    }
    for (const [kind, forge] of Object.entries(ledgerForgeries)) yield { kind, forged: null, inTable: (db) => forge(db, honest, random) };
  }
}

/** A table has one row a place, one checkpoint a place and one lineage; where a forgery is lost on the way into it, it is none any more. */
function isStorable({ lines, checkpoints }: ForgedLog): boolean {
  const heads = readHeads({ checkpoints });
  const areUnlike = new Set(lines).size === lines.length && new Set(heads.map(({ seq }) => seq)).size === heads.length;
  return areUnlike && lines.every((line) => line !== '') && new Set(heads.map(({ lineage }) => lineage)).size === 1;
}

async function honestLogs({ count, random, counts, log }: { count: number; random: Random; counts: ForgeryCounts; log(line: string): void }): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const seed = random(2 ** 31);
    const honest = await writeHonestLog(seed, 2 + random(250));
    const db = openInMemory(honest.file);
    const verdicts = [await verifyBothExports(honest, honest.anchor), await verifyBothLedgers(db, honest.anchor)];
    db.close();
    const exit = number === 0 ? await runScript(honest, honest.anchor) : 0;
    if (exit === 0 && verdicts.every(({ app, script }) => app && script)) continue;
    counts.honestRefused += 1;
    log(`an honest log was refused (seed ${seed}): ${JSON.stringify(verdicts)}, exit ${exit}`);
  }
}
