import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Where a simulated org listens and how one signs in. */
export interface OrgAddress {
  url: string;
  username: string;
  password: string;
  clientId: string;
  clientSecret: string;
}

/** Serves a workspace's simulated org from a process of its own, so that neither its memory nor its event loop is the app's. */
export async function startOrgProcess(file: string): Promise<{ address: OrgAddress; close(): Promise<void> }> {
  const entry = fileURLToPath(new URL('../../electron/sample/org/serve.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, '--file', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await new Promise<OrgAddress>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The simulated org ended with code ${code}.`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const { url, username, password, clientId, clientSecret } = JSON.parse(line) as OrgAddress;
      resolve({ url, username, password, clientId, clientSecret });
    });
  });
  return {
    address,
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
