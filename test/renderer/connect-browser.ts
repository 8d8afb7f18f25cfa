import { chromium, type Browser } from 'playwright-core';
import { inject } from 'vitest';

/** Connects to the one browser of a test run. What is opened here is seen by nobody else, and closing ends only that. */
export async function connectBrowser(): Promise<Browser> {
  const answer = await fetch(`${inject('preview')}/browser`);
  if (!answer.ok) throw new Error(`The browser could not be started: ${await answer.text()}`);
  return chromium.connect(await answer.text());
}
