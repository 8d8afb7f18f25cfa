/** `npm run faults`: the rig on a Node that runs TypeScript files. */
import { fileURLToPath } from 'node:url';
import { runOnRequiredNode } from '../../../electron/hosts/require-node.mjs';

await runOnRequiredNode(fileURLToPath(import.meta.url), async () => {
  await import('./run.ts');
});
