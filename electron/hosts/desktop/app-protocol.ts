import type { CustomScheme, Protocol } from 'electron';
import { readPageFile } from '../browser/page-files.ts';
import { pageHeaders } from '../browser/page-policy.ts';
import { isOwnPage } from './security.ts';

/** What Electron has to know of the scheme before the app is ready. */
export const appScheme: CustomScheme = { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } };

/** Serves the built page under `app://countersign`, with the same policy and the same checks of paths as the browser host. */
export function serveAppProtocol(protocol: Pick<Protocol, 'handle'>, pageFolder: string): void {
  protocol.handle('app', (request) => answer(pageFolder, request));
}

async function answer(pageFolder: string, request: { url: string; method: string }): Promise<Response> {
  const headers = pageHeaders([]);
  if (!isOwnPage(request.url) || request.method !== 'GET') return new Response('Refused.', { status: 403, headers });
  const file = await readPageFile(pageFolder, new URL(request.url).pathname);
  if (!file) return new Response('There is no such file.', { status: 404, headers });
  return new Response(new Uint8Array(file.body), { status: 200, headers: { ...headers, 'content-type': file.type } });
}
