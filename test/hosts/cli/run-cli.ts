import { spawn } from 'node:child_process';
import { join } from 'node:path';

const binFile = join(import.meta.dirname, '../../../electron/hosts/cli/bin.mjs');

export interface CliResult {
  code: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into freely
  json: any;
  stdout: string;
  stderr: string;
}

/** Runs one command line as a process of its own. */
export function cli(words: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [binFile, ...words], { env: { ...process.env, COUNTERSIGN_WORKSPACE: '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // `close` comes when the output has ended too: a process left behind that held it open would be noticed here.
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr, json: words.includes('--json') ? JSON.parse(stdout) : null }));
  });
}
