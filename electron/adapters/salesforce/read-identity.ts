import * as z from 'zod';
import type { OrgIdentity } from '../../core/org-ports.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { identitySchema, queryPageSchema, readAnswer, resourcesSchema, userInfoSchema } from './answers.ts';
import { unreadable } from './http-failure.ts';
import type { OrgCalls } from './org-calls.ts';
import { isSameId, queryPath } from './soql.ts';
import { toAppFailure } from './translate-failure.ts';

const organizationSchema = z.looseObject({ Id: z.string().length(18), Name: z.string(), IsSandbox: z.boolean(), OrganizationType: z.string().nullable() });

interface SignedInUser {
  userId: string;
  username: string;
  orgId: string;
}

/** Reads the user's identity, at the instance itself: the token goes nowhere else. */
async function readUser(calls: OrgCalls, signal: AbortSignal): Promise<SignedInUser> {
  try {
    return await calls.read({ method: 'GET', path: '/services/oauth2/userinfo' }, signal, (answer) => {
      const info = readAnswer(userInfoSchema, answer, 'user info');
      return { userId: info.user_id, username: info.preferred_username, orgId: info.organization_id };
    });
  } catch (error) {
    // A token without the OpenID scope may not ask there, but has an identity address.
    if (!(error instanceof AppFailure) || error.error.code !== 'permission-denied') throw error;
  }
  const path = await calls.read({ method: 'GET', path: '/' }, signal, (answer) => {
    const [, found] = /(\/id\/\w+\/\w+)$/u.exec(readAnswer(resourcesSchema, answer, 'list of resources').identity) ?? [];
    if (found === undefined) throw unreadable('it names no identity');
    return found;
  });
  return calls.read({ method: 'GET', path: `${await calls.instanceUrl(signal)}${path}` }, signal, (answer) => {
    const identity = readAnswer(identitySchema, answer, 'identity');
    return { userId: identity.user_id, username: identity.username, orgId: identity.organization_id };
  });
}

/**
 * Reads who is signed in to which org.
 *
 * Shape:  an org is production unless it is a sandbox or a Developer Edition.
 * Errors: throws `not-signed-in`, `org-unavailable`, `rate-limited`, `permission-denied`.
 */
export async function readIdentity(calls: OrgCalls, apiVersion: string, signal: AbortSignal): Promise<OrgIdentity> {
  const path = queryPath('SELECT Id, Name, IsSandbox, OrganizationType FROM Organization');
  const organization = await calls.read({ method: 'GET', path }, signal, (answer) => {
    const [first] = readAnswer(queryPageSchema, answer, 'page of a query').records;
    return readAnswer(organizationSchema, first, 'organization');
  });
  const user = await readUser(calls, signal);
  if (!isSameId(user.orgId, organization.Id)) throw toAppFailure(unreadable('the user belongs to another org'));
  return {
    orgId: organization.Id,
    orgName: organization.Name,
    isProduction: !organization.IsSandbox && organization.OrganizationType !== 'Developer Edition',
    userId: user.userId,
    username: user.username,
    instanceUrl: await calls.instanceUrl(signal),
    apiVersion,
  };
}
