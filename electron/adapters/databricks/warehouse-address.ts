import { readFileSync } from 'node:fs';
import { AppFailure } from '../../core/app-failure.ts';
import type { DatabricksConfig } from '../../core/workspace/workspace-config.ts';
import type { SqlAddress } from './sql-session.ts';

const proxyProtocols = ['http', 'https', 'socks', 'socks4', 'socks4a', 'socks5', 'socks5h'] as const;

/**
 * Where the warehouse of a config is.
 *
 * Shape:  `COUNTERSIGN_PROXY_AUTH` (`user:password`) goes with the proxy; a secret has no place in the config.
 * Errors: `invalid-input` when the certificate file cannot be read or the proxy is none.
 */
export function warehouseAddress(config: DatabricksConfig, env: Readonly<Record<string, string | undefined>>, version: string): SqlAddress {
  const [host = '', port = '443'] = config.host.split(':');
  return { host, port: Number(port), path: config.httpPath, ca: config.caFile === undefined ? null : readCertificate(config.caFile), proxy: config.proxy === undefined ? null : readProxy(config.proxy, env['COUNTERSIGN_PROXY_AUTH']), userAgent: `Countersign/${version}` };
}

function readCertificate(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new AppFailure('invalid-input', `The certificate file ${file} ("caFile") cannot be read.`, { file });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new AppFailure('invalid-input', `${file} ("caFile") holds no certificate in PEM form.`, { file });
  return text;
}

function readProxy(text: string, auth: string | undefined): SqlAddress['proxy'] {
  const url = new URL(text);
  const protocol = proxyProtocols.find((known) => `${known}:` === url.protocol);
  if (protocol === undefined) throw new AppFailure('invalid-input', `"proxy" must begin with one of ${proxyProtocols.map((known) => `${known}://`).join(', ')}.`, { key: 'proxy' });
  const at = auth?.indexOf(':') ?? -1;
  return {
    protocol,
    host: url.hostname,
    port: Number(url.port) || (protocol === 'https' ? 443 : protocol === 'http' ? 80 : 1_080),
    // The driver puts both into an address as they stand.
    ...(auth === undefined ? {} : { auth: { username: encodeURIComponent(at < 0 ? auth : auth.slice(0, at)), password: at < 0 ? '' : encodeURIComponent(auth.slice(at + 1)) } }),
  };
}

/** The proxy as one address, credentials included; null without one. */
export function proxyUrl(proxy: SqlAddress['proxy']): string | null {
  if (!proxy) return null;
  const auth = proxy.auth === undefined ? '' : `${proxy.auth.username ?? ''}:${proxy.auth.password ?? ''}@`;
  return `${proxy.protocol}://${auth}${proxy.host}:${proxy.port}`;
}
