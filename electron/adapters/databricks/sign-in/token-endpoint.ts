import { request } from 'node:https';
import { getCACertificates } from 'node:tls';
import { ProxyAgent } from 'proxy-agent';
import * as z from 'zod';
import { AppFailure } from '../../../core/app-failure.ts';
import type { SqlAddress } from '../sql-session.ts';
import { proxyUrl } from '../warehouse-address.ts';

const grantSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive().optional(), refresh_token: z.string().min(1).optional() });
const refusalSchema = z.looseObject({ error: z.string(), error_description: z.string().optional() });

/** What the token endpoint grants. */
export interface TokenGrant {
  accessToken: string;
  /** Null where it does not say. */
  expiresInMs: number | null;
  /** A rotated refresh token replaces the one before. */
  refreshToken: string | null;
}

const answerMs = 30_000;
const mostBytes = 100_000;

/**
 * Asks the workspace's token endpoint for a token.
 *
 * Errors: `not-signed-in` when it is refused, `source-unavailable` when it cannot be reached or answers something else (with
 *         `details.problem` = `network` where trying again may help). No secret is part of any message.
 * Source: OAuth 2.0 (RFC 6749); Databricks: `https://<host>/oidc/v1/token`.
 */
export async function requestToken(address: SqlAddress, form: Readonly<Record<string, string>>, basic: { id: string; secret: string } | null, signal: AbortSignal): Promise<TokenGrant> {
  const { status, body } = await post(address, new URLSearchParams(form).toString(), basic, signal);
  const answer = parse(body);
  const granted = grantSchema.safeParse(answer);
  if (status === 200 && granted.success) {
    const { access_token: accessToken, expires_in: seconds, refresh_token: refreshToken } = granted.data;
    return { accessToken, expiresInMs: seconds === undefined ? null : seconds * 1_000, refreshToken: refreshToken ?? null };
  }
  const refused = refusalSchema.safeParse(answer);
  if (refused.success && status >= 400 && status < 500) {
    const why = refused.data.error_description ?? refused.data.error;
    throw new AppFailure('not-signed-in', `Databricks (${address.host}) refused the sign-in: ${why}. Sign in again, or look at the client id and its secret.`, { host: address.host, verbatim: why });
  }
  throw new AppFailure('source-unavailable', `The sign-in of Databricks (${address.host}) answered with HTTP ${status} and nothing that can be read. Try again later.`, { host: address.host, status, ...(status >= 500 || status === 429 ? { problem: 'network' } : {}) });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Told as an answer that cannot be read.
    return null;
  }
}

function post(address: SqlAddress, body: string, basic: { id: string; secret: string } | null, signal: AbortSignal): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const proxy = proxyUrl(address.proxy ?? null);
  const sending = request(
    {
      host: address.host,
      port: address.port,
      path: '/oidc/v1/token',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', 'content-length': Buffer.byteLength(body) },
      ...(basic === null ? {} : { auth: `${basic.id}:${basic.secret}` }),
      ...(address.ca === null ? {} : { ca: [...getCACertificates('default'), address.ca] }),
      ...(proxy === null ? {} : { agent: new ProxyAgent({ getProxyForUrl: () => proxy }) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    },
    (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostBytes) sending.destroy(new Error('The answer is too long.'));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    },
  );
  sending.on('error', reject);
  sending.end(body);
  return promise.catch((error: unknown) => {
    if (signal.aborted) throw new AppFailure('cancelled', 'The sign-in was cancelled. Nothing was changed.');
    const why = error instanceof Error ? error.message : String(error);
    throw new AppFailure('source-unavailable', `The sign-in of Databricks (${address.host}) cannot be reached: ${why}. Look at the network, and try again.`, { host: address.host, verbatim: why, problem: 'network' });
  });
}
