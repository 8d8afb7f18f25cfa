import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The sign-in of the stand-in: who may come in, and what has been granted. */
export class OidcState {
  readonly tokens: Set<string>;
  readonly clients = new Map([['service-principal', 'its-secret']]);
  /** Client id -> redirect address of people's sign-in. */
  redirects = new Map<string, string>();
  readonly codes = new Map<string, { challenge: string; redirect: string }>();
  readonly refreshTokens = new Set<string>();
  granted = 0;
  expiresInSeconds = 3_600;
  /** Answered instead of a token, once each. */
  readonly answers: { status: number; body: unknown }[] = [];

  constructor(tokens: readonly string[]) {
    this.tokens = new Set(tokens);
  }

  accepts(token: string): boolean {
    return this.tokens.has(token);
  }

  /** Grants a new token; a refresh token is used once. */
  grant(withRefresh: boolean): Record<string, unknown> {
    this.granted += 1;
    const token = `granted-${this.granted}`;
    this.tokens.add(token);
    const refresh = `refresh-${randomBytes(6).toString('hex')}`;
    if (withRefresh) this.refreshTokens.add(refresh);
    return { access_token: token, token_type: 'Bearer', expires_in: this.expiresInSeconds, ...(withRefresh ? { refresh_token: refresh } : {}) };
  }
}

/** Answers `/oidc/v1/authorize` (which signs in at once) and `/oidc/v1/token`. */
export function answerOidc(state: OidcState, request: IncomingMessage, response: ServerResponse, body: string): void {
  const url = new URL(request.url ?? '/', 'https://localhost');
  const send = (status: number, value: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (url.pathname === '/oidc/v1/authorize') {
    const redirect = url.searchParams.get('redirect_uri') ?? '';
    if (state.redirects.get(url.searchParams.get('client_id') ?? '') !== redirect) return send(400, { error: 'invalid_redirect_uri' });
    const code = randomBytes(8).toString('hex');
    state.codes.set(code, { challenge: url.searchParams.get('code_challenge') ?? '', redirect });
    return void response.writeHead(302, { location: `${redirect}/?${new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' }).toString()}` }).end();
  }
  const scripted = state.answers.shift();
  if (scripted) return send(scripted.status, scripted.body);
  const form = new URLSearchParams(body);
  switch (form.get('grant_type')) {
    case 'client_credentials': {
      const [id = '', secret = ''] = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /u, ''), 'base64').toString('utf8').split(':');
      return state.clients.get(id) === secret ? send(200, state.grant(false)) : send(401, { error: 'invalid_client', error_description: 'Client authentication failed' });
    }
    case 'authorization_code': {
      const code = state.codes.get(form.get('code') ?? '');
      state.codes.delete(form.get('code') ?? '');
      const isOurs = code !== undefined && code.redirect === form.get('redirect_uri') && createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') === code.challenge;
      return isOurs ? send(200, state.grant(true)) : send(400, { error: 'invalid_grant' });
    }
    case 'refresh_token':
      return state.refreshTokens.delete(form.get('refresh_token') ?? '') ? send(200, state.grant(true)) : send(400, { error: 'invalid_grant', error_description: 'Refresh token is invalid or was used' });
    default:
      return send(400, { error: 'unsupported_grant_type' });
  }
}
