import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { AppFailure, throwIfCancelled } from '../../../core/app-failure.ts';
import type { SqlAddress } from '../sql-session.ts';
import { requestToken, type TokenGrant } from './token-endpoint.ts';

export interface BrowserSignInOptions {
  address: SqlAddress;
  clientId: string;
  /** Port of the redirect address that is registered for the client: `http://localhost:<port>`. */
  redirectPort: number;
  scopes: string;
  /** Opens the sign-in page, or shows its address to the person. */
  show(url: string): Promise<void>;
  /** How long the person may take. */
  timeoutMs: number;
}

/**
 * Signs a person in with a browser: authorization code with PKCE, answered on a loopback port of our own.
 *
 * Shape:  the port listens on this machine only, from the call to its end, and takes one answer with the right state.
 * Errors: `cancelled`; `not-signed-in` when the person refuses, takes too long, or the answer does not belong to us;
 *         `invalid-input` when the port is taken.
 * Source: RFC 7636 (PKCE), RFC 8252 (loopback redirect); Databricks: `https://<host>/oidc/v1/authorize`.
 */
export async function signInWithBrowser(options: BrowserSignInOptions, signal: AbortSignal): Promise<TokenGrant> {
  const { address, clientId, redirectPort, scopes } = options;
  const verifier = randomBytes(48).toString('base64url');
  const state = randomBytes(24).toString('base64url');
  const redirect = `http://localhost:${redirectPort}`;
  const page = new URL(`https://${address.host}:${address.port}/oidc/v1/authorize`);
  page.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirect,
    scope: scopes,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();

  const code = await receiveCode(address.host, redirectPort, state, options.timeoutMs, signal, () => options.show(page.href));
  return requestToken(address, { grant_type: 'authorization_code', code, redirect_uri: redirect, client_id: clientId, code_verifier: verifier }, null, signal);
}

async function receiveCode(host: string, port: number, state: string, timeoutMs: number, signal: AbortSignal, onListening: () => Promise<void>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const query = URL.canParse(path, 'http://localhost') ? new URL(path, 'http://localhost').searchParams : new URLSearchParams();
    // A page of somebody else that guesses the port must neither end the wait nor hand us its own code.
    const isOurs = request.method === 'GET' && query.get('state') === state;
    const code = isOurs ? query.get('code') : null;
    const refusal = isOurs ? query.get('error') : null;
    response.writeHead(isOurs ? 200 : 400, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'", 'cache-control': 'no-store', connection: 'close' });
    response.end(pageOf(code !== null ? 'You are signed in. You can close this page and go back to Countersign.' : isOurs ? 'The sign-in was not completed. Go back to Countersign and try again.' : 'This is not the answer that Countersign waits for.'));
    if (code !== null) resolve(code);
    else if (isOurs) reject(new AppFailure('not-signed-in', `The sign-in was not completed: ${query.get('error_description') ?? refusal ?? 'no code came back'}. Try again.`, { host, verbatim: refusal ?? '' }));
  });
  server.on('clientError', (_, socket) => socket.destroy());
  const abort = (): void => reject(new AppFailure('cancelled', 'The sign-in was cancelled. Nothing was changed.'));
  const timer = setTimeout(() => reject(new AppFailure('not-signed-in', `Nobody signed in within ${Math.round(timeoutMs / 60_000)} minutes. Try again.`, { host })), timeoutMs);
  signal.addEventListener('abort', abort, { once: true });
  // A refusal may come while the page is still being shown.
  promise.catch(() => {});
  try {
    throwIfCancelled(signal, 'The sign-in');
    await listen(server, port);
    return await Promise.race([promise, onListening().then(() => promise)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    server.close();
    server.closeAllConnections();
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, 'localhost');
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new AppFailure('invalid-input', `The port ${port}, to which the sign-in comes back, cannot be used (${code}). End the program that uses it, or register another one as "oauth.port".`, { port });
  }
}

function pageOf(text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Countersign</title><body><p>${text}</p></body></html>`;
}
