import { expect, it } from 'vitest';
import { checkPushModel } from './model/commands.ts';

const timeoutMs = 300_000;
/** `npm run faults` tries many more. */
const sequences = 15;

for (const mode of ['collections', 'strict', 'bulk'] as const) {
  it(`Whatever people, Salesforce and time do, in any order, no promise of a ${mode} run is broken`, async () => {
    await expect(checkPushModel(mode, { sequences })).resolves.toBeUndefined();
  }, timeoutMs);
}
