import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openDatabricks } from '../../electron/adapters/databricks/open-databricks.ts';
import { sessionSecrets } from '../../electron/hosts/session-secrets.ts';
import { authorityFile, httpPath } from '../stand-in/start-stand-in.ts';
import type { BenchOptions } from './options.ts';
import { measureRefresh, prepareSample, viewsOf } from './refresh.ts';

/** A refresh whose rows come through the real driver, in Arrow, from a warehouse that has its views ready. */
export async function benchDriver(options: BenchOptions): Promise<boolean> {
  const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const workspace = await prepareSample(folder, options.properties);
    const child = spawn(process.execPath, [join(import.meta.dirname, 'driver-process.ts'), viewsOf(workspace), join(folder, 'driver.db'), 'arrow'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [host] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const site = openDatabricks({ config: { kind: 'databricks', host, httpPath, caFile: authorityFile }, env: { DATABRICKS_TOKEN: 'test-token' }, secrets: sessionSecrets(), openExternal: async () => false, version: 'bench' });
    try {
      return await measureRefresh({ workspace, warehouse: site.warehouse });
    } finally {
      await site.close();
      child.kill('SIGTERM');
    }
  } finally {
    if (options.keep === null) rmSync(folder, { recursive: true, force: true });
  }
}
