import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserServer, type LaunchOptions, type Page } from 'playwright-core';
import { chromiumAdvice, findChromium } from '../chromium.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function launchOptions(): LaunchOptions {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(chromiumAdvice);
  return { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] };
}

/** Opens the browser of this machine. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions());
}

/** Starts the browser of this machine for others to connect to. */
export async function serveBrowser(): Promise<BrowserServer> {
  return chromium.launchServer(launchOptions());
}

interface AxeViolation {
  id: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

/** What axe finds on the page (WCAG 2.0 to 2.2 A and AA, best practices; or only the given rules), one line for each element. */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const violations = await page.evaluate(async (only) => {
    const axe = (window as unknown as { axe: { run(options: object): Promise<{ violations: AxeViolation[] }> } }).axe;
    return (await axe.run(only ? { runOnly: only, resultTypes: ['violations'] } : { resultTypes: ['violations'] })).violations.map((violation) => ({ id: violation.id, nodes: violation.nodes.map((node) => ({ target: node.target, failureSummary: node.failureSummary ?? '' })) }));
  }, rules ? [...rules] : null);
  return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id} at ${String(node.target)}: ${node.failureSummary.replace(/\s+/gu, ' ')}`));
}
