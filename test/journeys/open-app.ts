import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { connectBrowser } from '../renderer/connect-browser.ts';

const root = join(import.meta.dirname, '../..');
const cliFile = join(root, 'electron/hosts/cli/bin.mjs');

/** A workspace with the app served over it and a real browser on the page. */
export interface OpenApp {
  folder: string;
  page: Page;
  address: string;
  /** Runs a CLI command on the workspace and answers with its JSON and exit code. Not while the app holds the workspace, except to read. */
  cli(...words: string[]): Promise<{ code: number; json: Record<string, unknown> }>;
  /** Console errors, uncaught exceptions and CSP violations seen so far. */
  problems: string[];
  close(): Promise<void>;
  /** Ends the server as a power cut would, and the browser with it. */
  kill(): Promise<void>;
}

export async function runCli(folder: string, words: readonly string[]): Promise<{ code: number; json: Record<string, unknown> }> {
  const run = promisify(execFile);
  const options = { cwd: root, maxBuffer: 256 * 1024 * 1024 };
  try {
    const { stdout } = await run(process.execPath, [cliFile, ...words, '-w', folder, '--json'], options);
    return { code: 0, json: JSON.parse(stdout) as Record<string, unknown> };
  } catch (error) {
    const failed = error as { code?: number; stdout?: string; stderr?: string };
    if (typeof failed.code !== 'number' || !failed.stdout) throw error;
    return { code: failed.code, json: JSON.parse(failed.stdout) as Record<string, unknown> };
  }
}

/** Makes a sample workspace in a temporary folder. */
export async function makeSample(properties?: number, seed?: string): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'countersign-journey-')), 'workspace');
  const size = [...(properties === undefined ? [] : ['--properties', String(properties)]), ...(seed === undefined ? [] : ['--seed', seed])];
  await promisify(execFile)(process.execPath, [cliFile, 'init', folder, '--sample', ...size, '--json'], { cwd: root });
  return folder;
}

/** Makes a workspace from a config file, in a temporary folder. */
export async function initFrom(config: string): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'countersign-journey-')), 'workspace');
  await promisify(execFile)(process.execPath, [cliFile, 'init', folder, '--config', config, '--json'], { cwd: root });
  return folder;
}

/** Starts a command that serves until it is stopped, and answers with the address that it prints. */
export async function startServer(folder: string, words: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [cliFile, ...words, '-w', folder, '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${words.join(' ')} ended with ${code} before it gave its address.`)));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

/** Stops what `startServer` has started. */
export async function stopServer(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

export async function openApp(folder: string, options: { as?: string } = {}): Promise<OpenApp> {
  const { child, url: address } = await startServer(folder, ['serve', ...(options.as === undefined ? [] : ['--as', options.as])]);
  const browser = await connectBrowser();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(address);
  return {
    folder,
    page,
    address,
    problems,
    cli: (...words) => runCli(folder, words),
    async close() {
      await browser.close();
      await stopServer(child);
    },
    async kill() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      await browser.close();
    },
  };
}

export function removeWorkspace(folder: string): void {
  rmSync(join(folder, '..'), { recursive: true, force: true });
}
