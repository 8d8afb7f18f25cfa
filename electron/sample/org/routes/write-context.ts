import { OrgRefusal, type RecordError } from '../org-refusal.ts';
import type { RouteContext } from '../runtime.ts';
import type { OrgField, OrgObject } from '../schema.ts';
import { findField } from '../schema.ts';
import type { RecordResult, WriteContext } from '../write-record.ts';

/** On whose behalf, and with which faults, the records of a call are written. */
export function writeContextOf(context: RouteContext): WriteContext {
  return {
    store: context.runtime.store,
    user: context.user,
    call: context.call.id,
    form: 'json',
    injected: context.injected,
  };
}

/** Refuses writes to the objects that can only be read. */
export function requireWritable(object: OrgObject): void {
  if (!object.writable) {
    throw new OrgRefusal(400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be written: ${object.name}`);
  }
}

/** The external id field a path names. */
export function externalIdField(object: OrgObject, name: string | undefined): OrgField {
  const field = findField(object, name ?? '');
  if (!field || !(field.externalId || field.name === 'Id')) {
    throw new OrgRefusal(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name}`);
  }
  return field;
}

/** Turns the refusal of the only record of a call into the refusal of the call. */
export function refusalOf(errors: readonly RecordError[]): OrgRefusal {
  const [first] = errors;
  const gone = first?.statusCode === 'ENTITY_IS_DELETED' || first?.statusCode === 'NOT_FOUND' || first?.statusCode === 'INVALID_CROSS_REFERENCE_KEY';
  const refusal = new OrgRefusal(gone ? 404 : 400, first?.statusCode ?? 'UNKNOWN_EXCEPTION', first?.message ?? '');
  const all = errors.map((error) => ({ message: error.message, errorCode: error.statusCode, fields: error.fields }));
  return Object.assign(refusal, { errors: all });
}

/** Passes the success of the only record of a call on; refuses the call otherwise. */
export function requireSuccess(result: RecordResult): { id: string; created: boolean } {
  if (!result.success) throw refusalOf(result.errors);
  return result;
}
