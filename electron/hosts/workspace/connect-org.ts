import { resolve } from 'node:path';
import type { OrgConnection } from '../../adapters/salesforce/org-connection.ts';
import { AppFailure } from '../../core/app-failure.ts';
import type { Org } from '../../core/org-ports.ts';
import type { Secrets } from '../../core/warehouse-ports.ts';
import type { WorkspaceConfig } from '../../core/workspace/workspace-config.ts';
import { systemClock } from '../system-clock.ts';
import { keptRefreshToken } from './kept-refresh-token.ts';
import { lazyOrg, type OrgLink } from './lazy-org.ts';
import { scopedSecrets } from './scoped-secrets.ts';
import { ensureSimulatedOrg, findRunningOrg } from './simulated-org-process.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The org of a workspace, connected at the first call. Secrets come from the environment; a refresh token that Salesforce rotated is kept among `secrets`. */
export function connectOrg(folder: string, config: WorkspaceConfig, env: Environment, secrets: Secrets): Org {
  const { org } = config;
  const connect = org.kind === 'simulated' ? () => connectSimulated(folder, org.apiVersion) : async () => connectSalesforce(folder, salesforceConnection(org, env), org, secrets);
  return lazyOrg(connect, systemClock.elapsedMs);
}

/** How to sign in to a real org: addresses from the config unless the environment gives them, secrets from the environment only. */
export function salesforceConnection(org: { loginUrl?: string | undefined; instanceUrl?: string | undefined }, env: Environment): OrgConnection {
  const given = {
    loginUrl: env['SF_LOGIN_URL'] ?? org.loginUrl,
    instanceUrl: env['SF_INSTANCE_URL'] ?? org.instanceUrl,
    accessToken: env['SF_ACCESS_TOKEN'],
    refreshToken: env['SF_REFRESH_TOKEN'],
    clientId: env['SF_CLIENT_ID'],
    clientSecret: env['SF_CLIENT_SECRET'],
    username: env['SF_USERNAME'],
    password: env['SF_PASSWORD'],
  };
  const connection = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== '')) as OrgConnection;
  const canSignIn = connection.accessToken ?? connection.refreshToken ?? connection.clientSecret ?? (connection.username && connection.password);
  if (!canSignIn) {
    throw new AppFailure('not-signed-in', 'Nobody is signed in to Salesforce: set SF_ACCESS_TOKEN with SF_INSTANCE_URL, or SF_USERNAME with SF_PASSWORD, or SF_REFRESH_TOKEN with SF_CLIENT_ID.');
  }
  return connection;
}

/** An org that the config calls a production org is treated as one, whatever it says of itself. */
async function connectSalesforce(folder: string, connection: OrgConnection, { apiVersion, production }: { apiVersion: string; production: boolean }, secrets: Secrets): Promise<OrgLink> {
  const { jsforceOrg } = await import('../../adapters/salesforce/jsforce-org.ts');
  const { refreshToken, loginUrl = '', instanceUrl = '', clientId = '' } = connection;
  // For this place only, so that no token goes to an address or a client that it was not given for.
  const scoped = scopedSecrets(secrets, [resolve(folder), loginUrl, instanceUrl, clientId]);
  const kept = refreshToken === undefined ? null : await keptRefreshToken(scoped, refreshToken);
  const org = jsforceOrg(kept === null ? { connection, apiVersion } : { connection: { ...connection, refreshToken: kept.token }, apiVersion, saveRefreshToken: kept.save });
  const identity: Org['identity'] = async (signal) => {
    const found = await org.identity(signal);
    return { ...found, isProduction: found.isProduction || production };
  };
  return { org: { ...org, identity }, isAlive: async () => true };
}

async function connectSimulated(folder: string, apiVersion: string): Promise<OrgLink> {
  const { jsforceOrg } = await import('../../adapters/salesforce/jsforce-org.ts');
  const announced = await ensureSimulatedOrg(folder);
  const { url, username, password, clientId, clientSecret } = announced;
  const org = jsforceOrg({ connection: { loginUrl: url, instanceUrl: url, username, password, clientId, clientSecret }, apiVersion });
  return { org, isAlive: async () => (await findRunningOrg(folder))?.url === url };
}
