import { AppFailure } from '../../core/app-failure.ts';

/** How to reach an org and sign in: whatever of these there is decides which of jsforce's ways is used. */
export interface OrgConnection {
  loginUrl?: string;
  instanceUrl?: string;
  accessToken?: string;
  refreshToken?: string;
  clientId?: string;
  clientSecret?: string;
  username?: string;
  password?: string;
}

const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Domains of orgs' own addresses. `force.com` is not among them: it also holds pages of customers. */
const salesforceDomains = ['salesforce.com', 'salesforce.mil', 'cloudforce.com', 'sfcrmproducts.cn'];

/** True for an address on this computer. */
export const isLoopback = (url: URL): boolean => loopbackHosts.has(url.hostname);

/**
 * The origin of an address that a person configured.
 *
 * Errors: throws `invalid-input` for anything but https, or http on the loopback.
 */
export function safeOrigin(address: string, name: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isSafe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
  if (!isSafe || url.username !== '' || url.password !== '') {
    throw new AppFailure('invalid-input', `The ${name} must be an https address; plain http is accepted for this computer only. Correct the address and try again.`);
  }
  if (url.hostname.endsWith('.lightning.force.com')) {
    throw new AppFailure('invalid-input', `The ${name} is a page address (lightning.force.com). Give the org's own address, which ends with my.salesforce.com.`);
  }
  return url.origin;
}

/**
 * The origin that a sign-in answer names, when the token may go there.
 *
 * Shape:  accepted are Salesforce's own hosts over https, and the origins that we were configured with; on the loopback
 *         its names count as one. Everything else is null.
 */
export function trustedOrigin(address: string, configured: readonly string[]): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (configured.includes(url.origin)) return url.origin;
  const isSalesforce = salesforceDomains.some((domain) => url.hostname.endsWith(`.${domain}`));
  if (url.protocol === 'https:' && url.port === '' && isSalesforce) return url.origin;
  const isSameLoopback = configured.some((origin) => {
    const known = new URL(origin);
    return isLoopback(known) && isLoopback(url) && known.protocol === url.protocol && known.port === url.port;
  });
  return isSameLoopback ? url.origin : null;
}
