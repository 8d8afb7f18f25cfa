#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { memoryFlags, runOnRequiredNode } from '../require-node.mjs';

await runOnRequiredNode(fileURLToPath(import.meta.url), async () => {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  const { runCli } = await import('./main.ts');
  process.exitCode = await runCli(process.argv.slice(2));
}, memoryFlags);
