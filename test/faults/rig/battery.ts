/**
 * Looks for anything that is wrong with the engine that it was bundled with: single situations first, then the model in all modes.
 *
 * Call:  node battery.mjs {"seed": N, "isControl": boolean}; prints what was found first in one JSON line.
 */
import { checkPushModel } from '../model/commands.ts';
import type { BatteryEnd } from './variants.ts';
import { situations } from './situations.ts';

const { seed, isControl } = JSON.parse(process.argv[2] ?? '{}') as { seed: number; isControl: boolean };
const sequences = isControl ? 60 : 150;

/** The message of the failure, where there is one. */
async function failureOf(work: () => Promise<void>): Promise<string | null> {
  return work().then(
    () => null,
    (error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return cause instanceof Error ? cause.message : String(cause);
    },
  );
}

async function findFirst(): Promise<BatteryEnd> {
  const checks: (readonly [string, () => Promise<void>])[] = [
    ...Object.entries(situations),
    ...(['bulk', 'collections', 'strict'] as const).map((mode) => [`the model, ${mode}`, () => checkPushModel(mode, { sequences, seed, isBrief: true })] as const),
  ];
  for (const [name, work] of checks) {
    const message = await failureOf(work);
    if (message !== null) return { caughtBy: name, message };
  }
  return { caughtBy: null, message: '' };
}

process.stdout.write(`${JSON.stringify(await findFirst())}\n`);
// What hangs in a broken engine must not keep the process alive.
process.exit(0);
