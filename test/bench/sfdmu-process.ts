/**
 * SFDMU in a process of its own for the bench: its command is called as the Salesforce CLI calls it, without the CLI.
 *
 * Call:  node sfdmu-process.ts PACKAGE-FOLDER PEAK-FILE ARGUMENT...; leaves the most bytes of memory it had in PEAK-FILE.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { watchMemory } from './memory.ts';

interface OclifCommand {
  run(args: readonly string[], root: string): Promise<unknown>;
}

const [root = '', peakFile = '', ...args] = process.argv.slice(2);
const memory = watchMemory();
process.on('exit', () => writeFileSync(peakFile, String(Math.round(memory.peakMb() * 1_000_000))));
const { run } = createRequire(join(root, 'package.json'))('@oclif/command') as OclifCommand;
await run(args, root);
