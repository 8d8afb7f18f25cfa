import { runCoreProcess } from './core-process.ts';

process.on('unhandledRejection', (error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});

await runCoreProcess({ folder: process.argv[2] ?? '', parent: process.parentPort, env: process.env, exit: (code) => process.exit(code) });
