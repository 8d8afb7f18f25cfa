import { expect, test } from 'vitest';
import { readCheckpoints, verifyExportLines } from '../../../electron/verifier/verify-audit-log.mjs';
import { randomFrom } from '../random-from.ts';
import { forgeryKinds } from './forgery-kinds.ts';
import { writeHonestLog } from './honest-log.ts';
import { runForgeries } from './run-forgeries.ts';

test('both verifiers find every forgery older than the anchor, and accept every honest log', async () => {
  const told: string[] = [];
  const counts = await runForgeries({ count: 250, seed: 20_261_126, log: (line) => told.push(line) });
  expect(told.slice(0, -1)).toEqual([]);
  expect(counts).toMatchObject({ missedByApp: 0, missedByScript: 0, honestRefused: 0 });
  expect(counts.tried).toBeGreaterThanOrEqual(250);
  expect(Object.keys(counts.kinds).length).toBeGreaterThan(150);
}, 600_000);

test("what was signed anew with the ledger's own key is found by the anchor, and only by it", async () => {
  const log = await writeHonestLog(5, 120);
  const random = randomFrom(5);
  const kinds = Object.entries(forgeryKinds).filter(([kind]) => kind.endsWith("signed with the ledger's key") && !kind.startsWith('the start cut off') && !kind.startsWith('events of another'));
  const accepted = kinds.flatMap(([kind, forge]) => {
    const forged = forge(log, random, log);
    return forged !== null && verifyExportLines(forged.lines, { checkpoints: readCheckpoints(forged.checkpoints) }).ok ? [kind] : [];
  });
  expect(accepted).toContain("a value, chained anew, signed with the ledger's key");
  expect(accepted.length).toBeGreaterThan(6);
});
