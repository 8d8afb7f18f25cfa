import type { ApiCall, Reply } from '../api-call.ts';
import type { OrgRuntime } from '../runtime.ts';
import { elementText, escapeXml } from '../xml.ts';
import { signInWithPassword } from './oauth-routes.ts';

function envelope(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`;
}

function fault(code: string, message: string): Reply {
  const text = `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${escapeXml(`${code}: ${message}`)}</faultstring></soapenv:Fault>`;
  return { status: 500, text: envelope(text), type: 'text/xml; charset=utf-8' };
}

/**
 * Answers the SOAP API's `login` call, the only SOAP call the simulated org knows.
 *
 * Source: SOAP `login()` does not exist from API version 65.0 on.
 */
export function answerSoapLogin(runtime: OrgRuntime, call: ApiCall, origin: string): Reply {
  const [, version = ''] = /^\/services\/Soap\/[cu]\/(\d+\.\d+)/.exec(call.path) ?? [];
  if (version === '' || Number(version) < 31) return fault('UNSUPPORTED_API_VERSION', 'Invalid Api version specified on URL');
  if (Number(version) >= 65 || !/<(?:\w+:)?login[\s>]/.test(call.body)) {
    return fault('INVALID_OPERATION', `The requested operation is not available in API version ${version}`);
  }
  const user = signInWithPassword(runtime, elementText(call.body, 'username'), elementText(call.body, 'password'));
  if (!user) return fault('INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
  const grant = runtime.tokens.signIn(user, { clientId: 'soap', scope: 'api', refreshable: false });
  const { orgId } = runtime.store;
  const server = `${origin}/services/Soap/u/${version}/${orgId.slice(0, 15)}`;
  const info = `<userInfo><organizationId>${orgId}</organizationId><organizationName>${escapeXml(runtime.store.orgName)}</organizationName><userFullName>${escapeXml(user.name)}</userFullName><userId>${user.id}</userId><userName>${escapeXml(user.username)}</userName></userInfo>`;
  const result = `<loginResponse xmlns="urn:partner.soap.sforce.com"><result><metadataServerUrl>${server.replace('/u/', '/m/')}</metadataServerUrl><passwordExpired>false</passwordExpired><sandbox>${!runtime.store.production}</sandbox><serverUrl>${server}</serverUrl><sessionId>${grant.accessToken}</sessionId><userId>${user.id}</userId>${info}</result></loginResponse>`;
  return { status: 200, text: envelope(result), type: 'text/xml; charset=utf-8' };
}
