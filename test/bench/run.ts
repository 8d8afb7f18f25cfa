/**
 * `npm run bench [-- PART... --properties N --rounds N --keep FOLDER]`: the parts that are named, or all of them.
 *
 * refresh  a refresh into the cache against the bare cost of inserting the same rows with better-sqlite3
 * driver   the same refresh, its rows through the Databricks driver from a warehouse in a process of its own
 * grid     the calls of the grid, over the socket of the served app, against a grid without a cache
 */
import { parseArgs } from 'node:util';
import { benchDriver } from './driver.ts';
import { benchGrid } from './grid.ts';
import { benchRefresh } from './refresh.ts';

const parts = { refresh: benchRefresh, driver: benchDriver, grid: benchGrid } as const;
const isPart = (name: string): name is keyof typeof parts => Object.hasOwn(parts, name);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { properties: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '25' }, keep: { type: 'string' } },
});
const unknown = positionals.find((name) => !isPart(name));
if (unknown !== undefined) throw new Error(`There is no part ${unknown}. The parts are ${Object.keys(parts).join(', ')}.`);
const chosen = positionals.length === 0 ? (Object.keys(parts) as (keyof typeof parts)[]) : positionals.filter(isPart);

const options = { properties: Number(values.properties), rounds: Number(values.rounds), keep: values.keep ?? null };
for (const name of chosen) {
  console.log(`\n${name}`);
  if (!(await parts[name](options))) process.exitCode = 1;
}
