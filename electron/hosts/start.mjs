import { fileURLToPath } from 'node:url';
import { memoryFlags, runOnRequiredNode } from './require-node.mjs';

await runOnRequiredNode(fileURLToPath(import.meta.url), async () => {
  const { startApp } = await import('./start-app.ts');
  process.exitCode = await startApp(process.env);
}, memoryFlags);
