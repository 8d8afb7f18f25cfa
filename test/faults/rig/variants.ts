import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { eachInLanes } from './lanes.ts';
import { boundOf, count, newReport, type PartReport, type RigOptions } from './report.ts';
import { variants, type Variant } from './variant-list.ts';

/** What a battery found first, or that it found nothing. */
export interface BatteryEnd {
  caughtBy: string | null;
  message: string;
}

const lanes = 2;
/** An engine that does not come to an end in so many seconds of the processor is caught, too; a busy machine changes nothing about them. */
const mostSeconds = { control: 180, variant: 60 };

function runBattery(file: string, args: { seed: number; isControl: boolean }): Promise<BatteryEnd> {
  return new Promise((resolve) => {
    const limit = args.isControl ? mostSeconds.control : mostSeconds.variant;
    const child = spawn('/bin/sh', ['-c', `ulimit -t ${limit}; exec "$0" "$@"`, process.execPath, file, JSON.stringify(args)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (code, signal) => {
      const line = stdout.trim().split('\n').at(-1) ?? '';
      if (code === 0 && line.startsWith('{')) return resolve(JSON.parse(line) as BatteryEnd);
      resolve({ caughtBy: signal === null ? `exit code ${code}` : 'no end', message: stderr.trim().split('\n').at(-1) ?? '' });
    });
  });
}

async function tryVariant(variant: Variant | null, folder: string, seed: number): Promise<BatteryEnd> {
  mkdirSync(folder, { recursive: true });
  return runBattery(await bundle('test/faults/rig/battery.ts', folder, variant?.patches ?? []), { seed, isControl: variant === null });
}

/** Breaks the engine in one way after the other; the battery must catch each, and nothing in the engine as it is. */
export async function runVariants(folder: string, options: RigOptions & { filter?: RegExp }): Promise<PartReport> {
  const report = newReport('variants');
  const chosen = variants.filter(({ name }) => options.filter === undefined || options.filter.test(name));
  let caught = 0;
  await eachInLanes(lanes, [null, ...chosen], async (variant) => {
    const name = variant?.name ?? 'the engine as it is';
    const { caughtBy, message } = await tryVariant(variant, join(folder, variant === null ? 'control' : `variant-${variants.indexOf(variant)}`), options.seed).catch((error: unknown) => ({ caughtBy: null, message: error instanceof Error ? error.message : String(error) }));
    const found = caughtBy === null ? `nothing found ${message}` : `caught by ${caughtBy}: ${message.split('\n')[0]?.slice(0, 140)}`;
    if (variant !== null && caughtBy !== null) caught += 1;
    count(report, (variant === null) === (caughtBy === null) ? null : `${name}: ${found}`);
    options.log(`  ${name}: ${found}`);
  });
  report.lines.push(`${caught} of ${chosen.length} broken variants caught; not caught: ${boundOf(chosen.length - caught, chosen.length)}`);
  return report;
}
