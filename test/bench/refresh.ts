import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jsforceOrg } from '../../electron/adapters/salesforce/jsforce-org.ts';
import { openCache } from '../../electron/adapters/sqlite/cache/open-cache.ts';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { Warehouse } from '../../electron/core/ports.ts';
import { refreshSnapshot } from '../../electron/core/snapshot/refresh.ts';
import { systemClock } from '../../electron/hosts/system-clock.ts';
import { readWorkspaceConfig, workspaceFiles } from '../../electron/hosts/workspace/workspace-folder.ts';
import type { RefreshProgress, Snapshot } from '../../shared/domain/snapshot.ts';
import { insertBare } from './bare-insert.ts';
import { watchMemory } from './memory.ts';
import type { BenchOptions } from './options.ts';
import { startOrgProcess } from './org-process.ts';
import { hasViewFiles, warehouseOfFiles } from './view-files.ts';

const mostTimesBare = 1.5;
const mostMemoryMb = 700;
const root = dirname(dirname(import.meta.dirname));

/** Where a refresh of the bench reads from. */
export interface BenchSource {
  /** Sample workspace with its org, and where the bench may write. */
  workspace: string;
  /** Has its views ready: what is timed is the refresh, not the warehouse's computing. */
  warehouse: Warehouse;
}

interface StepTime {
  step: RefreshProgress['step'];
  seconds: number;
  cpuSeconds: number;
}

/**
 * A refresh into the cache, from the first row of a view to the commit, against the bare cost of the same rows.
 *
 * The core, its threads and jsforce run here; the simulated org is a process of its own, and what makes the views was one
 * before. Answers whether time and memory kept to their limits.
 */
export async function benchRefresh(options: BenchOptions): Promise<boolean> {
  const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const workspace = await prepareSample(folder, options.properties);
    return await measureRefresh({ workspace, warehouse: warehouseOfFiles(viewsOf(workspace)) });
  } finally {
    if (options.keep === null) rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures one refresh of a workspace's sample from any warehouse. */
export async function measureRefresh({ workspace, warehouse }: BenchSource): Promise<boolean> {
  const cacheFolder = mkdtempSync(join(workspace, 'refresh-'));
  const files = workspaceFiles(workspace);
  const { mapping } = readWorkspaceConfig(workspace);
  const simulated = await startOrgProcess(files.org);
  const { url, ...credentials } = simulated.address;
  const org = jsforceOrg({ connection: { loginUrl: url, ...credentials }, apiVersion: '64.0' });
  const ledger = await openLedger({ folder: cacheFolder, threads: true });
  const cache = await openCache({ folder: cacheFolder, mapping, threads: true });
  const memory = watchMemory();
  try {
    const steps: { step: RefreshProgress['step']; startMs: number; cpu: NodeJS.CpuUsage }[] = [];
    const onProgress = ({ step }: RefreshProgress): void => {
      if (steps.at(-1)?.step !== step) steps.push({ step, startMs: performance.now(), cpu: process.cpuUsage() });
    };
    const snapshot = await refreshSnapshot({ warehouse, org, cache, ledger, mapping, rules: async () => ({ fingerprint: null, notices: [] }), clock: systemClock }, { actor: 'bench', signal: new AbortController().signal, onProgress });
    const end = { startMs: performance.now(), cpu: process.cpuUsage() };
    const peakMb = memory.peakMb();
    await cache.close();
    const times = steps.map(({ step, startMs, cpu }, at): StepTime => {
      const next = steps[at + 1] ?? end;
      const cpuMicros = next.cpu.user + next.cpu.system - cpu.user - cpu.system;
      return { step, seconds: (next.startMs - startMs) / 1_000, cpuSeconds: cpuMicros / 1_000_000 };
    });
    return report(snapshot, times, peakMb, join(cacheFolder, 'cache.db'));
  } finally {
    memory.stop();
    await cache.close();
    await ledger.close();
    await org.close();
    await simulated.close();
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

function report(snapshot: Snapshot, steps: readonly StepTime[], peakMb: number, cacheFile: string): boolean {
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  const cpuSeconds = steps.reduce((sum, step) => sum + step.cpuSeconds, 0);
  const { properties } = snapshot.rows;
  console.log(`refresh: ${seconds.toFixed(1)} s for ${properties} properties and ${snapshot.rows.orgRecords} records of the org (${Math.round(properties / seconds)} properties/s, ${cpuSeconds.toFixed(1)} s of processor time)`);
  for (const step of steps) console.log(`  ${step.step.padEnd(8)} ${step.seconds.toFixed(1).padStart(6)} s, processor ${step.cpuSeconds.toFixed(1)} s`);
  const bare = insertBare(cacheFile, `${cacheFile}-bare`);
  console.log(`bare: ${(bare.totalMs / 1_000).toFixed(1)} s for the same rows, ${Math.round(statSync(cacheFile).size / 1_000_000)} MB (${(bare.cpuMs / 1_000).toFixed(1)} s of processor time)`);
  for (const part of bare.parts) console.log(`  ${part.name.padEnd(14)} ${(part.ms / 1_000).toFixed(1).padStart(6)} s${part.rows > 0 ? `, ${part.rows} rows` : ''}`);
  const times = (seconds * 1_000) / bare.totalMs;
  const isFast = times <= mostTimesBare;
  const isSmall = peakMb <= mostMemoryMb;
  console.log(`processor time of the refresh against bare: ${((cpuSeconds * 1_000) / bare.cpuMs).toFixed(2)} times, on ${availableParallelism()} processors`);
  console.log(`refresh against bare: ${times.toFixed(2)} times, at most ${mostTimesBare}: ${isFast ? 'held' : 'NOT held'}`);
  console.log(`memory: at most ${Math.round(peakMb)} MB of ${mostMemoryMb}: ${isSmall ? 'held' : 'NOT held'}`);
  return isFast && isSmall;
}

/** Where the ready rows of a sample's views are. */
export const viewsOf = (workspace: string): string => join(workspace, 'views');

/** Makes the sample workspace and the rows of its views, unless a run before has. */
export async function prepareSample(folder: string, properties: number): Promise<string> {
  const workspace = join(folder, `sample-${properties}`);
  if (hasViewFiles(viewsOf(workspace))) return workspace;
  const startMs = performance.now();
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const run = (script: string, ...args: string[]): void => {
    execFileSync(process.execPath, [join(root, script), ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  run('electron/hosts/cli/bin.mjs', 'init', workspace, '--sample', '--properties', String(properties));
  const madeMs = performance.now();
  mkdirSync(viewsOf(workspace));
  const simulated = await startOrgProcess(workspaceFiles(workspace).org);
  try {
    run('test/bench/prepare-views.ts', workspace, viewsOf(workspace), JSON.stringify(simulated.address));
  } finally {
    await simulated.close();
  }
  const [sampleSeconds, viewSeconds] = [madeMs - startMs, performance.now() - madeMs].map((ms) => (ms / 1_000).toFixed(1));
  console.log(`sample of ${properties} properties made in ${sampleSeconds} s; its views computed by the embedded warehouse in ${viewSeconds} s`);
  return workspace;
}
