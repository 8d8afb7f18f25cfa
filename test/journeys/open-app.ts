import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumAdvice, findChromium } from '../chromium.ts';

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
export async function makeSample(properties?: number): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'countersign-journey-')), 'workspace');
  const size = properties === undefined ? [] : ['--properties', String(properties)];
  await promisify(execFile)(process.execPath, [cliFile, 'init', folder, '--sample', ...size, '--json'], { cwd: root });
  return folder;
}

function serve(folder: string): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [cliFile, 'serve', '-w', folder, '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The app ended with ${code} before it gave its address.`)));
    createInterface({ input: child.stdout }).once('line', (line) => resolve({ child, address: (JSON.parse(line) as { url: string }).url }));
  });
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(chromiumAdvice);
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export async function openApp(folder: string, options: { colorScheme?: 'light' | 'dark'; width?: number; height?: number } = {}): Promise<OpenApp> {
  const { child, address } = await serve(folder);
  const browser = await openBrowser();
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
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
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export function removeWorkspace(folder: string): void {
  rmSync(join(folder, '..'), { recursive: true, force: true });
}
