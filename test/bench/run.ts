/**
 * `npm run bench [-- PART... --properties N --rounds N --keep FOLDER]`: the parts that are named, or all of them.
 *
 * refresh  a refresh into the cache against the bare cost of inserting the same rows with better-sqlite3
 * driver   the same refresh, its rows through the Databricks driver from a warehouse in a process of its own
 * push     the push engine against a bare jsforce loop over the same chunks, and against SFDMU
 * grid     the Review screen in Chromium, against AG Grid Community with the rows in the page's memory
 *
 * Each part runs in a process of its own, so that none counts the memory of another, with the flags of the app's own core.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { memoryFlags, type BenchOptions } from './options.ts';

type Part = (options: BenchOptions) => Promise<boolean>;

const parts: Readonly<Record<string, () => Promise<Part>>> = {
  refresh: async () => (await import('./refresh.ts')).benchRefresh,
  driver: async () => (await import('./driver.ts')).benchDriver,
  push: async () => (await import('./push.ts')).benchPush,
  grid: async () => (await import('./grid.ts')).benchGrid,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { properties: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '25' }, keep: { type: 'string' } },
});
const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`There is no part ${unknown}. The parts are ${Object.keys(parts).join(', ')}.`);
const chosen = positionals.length === 0 ? Object.keys(parts) : positionals;
const flags = process.argv.slice(2).filter((word) => !positionals.includes(word));

for (const name of chosen) {
  if (!memoryFlags.every((flag) => process.execArgv.includes(flag))) {
    const { status } = spawnSync(process.execPath, [...memoryFlags, import.meta.filename, name, ...flags], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
    continue;
  }
  console.log(`\n${name}`);
  const part = await parts[name]?.();
  if (!(await part?.({ properties: Number(values.properties), rounds: Number(values.rounds), keep: values.keep ?? null }))) process.exitCode = 1;
}
