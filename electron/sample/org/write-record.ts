import type { RecordError } from './org-refusal.ts';
import type { OrgStore, OrgUser } from './org-store.ts';
import { formatInstant, type StoredRow } from './org-value.ts';
import { readInput, type InputForm } from './read-input.ts';
import { findField, productionIdField, type OrgField, type OrgObject } from './schema.ts';

/** What happened to one record of a write. */
export type RecordResult = { success: true; id: string; created: boolean } | { success: false; errors: RecordError[] };

/** How an injected fault may name a record of a call. */
export interface RecordNaming {
  index: number;
  id?: string | undefined;
  key?: string | undefined;
}

/** On whose behalf a write happens, and which injected faults apply to it. */
export interface WriteContext {
  store: OrgStore;
  user: OrgUser;
  call: string;
  form: InputForm;
  /** A fault injected for that record, counted as used. */
  injected: (record: RecordNaming) => RecordError | undefined;
}

/** Makes the refusal of one record. */
export const refuseRecord = (statusCode: string, message: string, fields: readonly string[] = []): RecordResult => ({
  success: false,
  errors: [{ statusCode, message, fields }],
});

/** The text by which faults and the journal name a record: its unique external id. */
export function keyOf(object: OrgObject, record: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const field = object.fields.find((candidate) => candidate.externalId && candidate.unique);
  const value = field && record?.[field.name];
  return typeof value === 'string' ? value : undefined;
}

function duplicateOf(store: OrgStore, object: OrgObject, values: StoredRow, ownId?: string): RecordError | undefined {
  for (const field of object.fields) {
    const value = values[field.name];
    if (!field.unique || value === null || value === undefined) continue;
    const other = store.findByField(object, field, value, 2).find((row) => row['Id'] !== ownId);
    if (other) {
      const message = `duplicate value found: ${field.name} duplicates value on record with id: ${String(other['Id']).slice(0, 15)}`;
      return { statusCode: 'DUPLICATE_VALUE', message, fields: [] };
    }
  }
  return undefined;
}

/** Creates a record, starts the org's workflow for it and journals the effect. */
export function createRecord(context: WriteContext, object: OrgObject, input: Readonly<Record<string, unknown>>, index = 0): RecordResult {
  const { store, user } = context;
  const injected = context.injected({ index, key: keyOf(object, input) });
  if (injected) return { success: false, errors: [injected] };
  const read = readInput(object, input, { creating: true, form: context.form });
  if ('errors' in read) return { success: false, errors: read.errors };
  const duplicate = duplicateOf(store, object, read.values);
  if (duplicate) return { success: false, errors: [duplicate] };
  const id = store.nextId(object.keyPrefix);
  const at = formatInstant(store.clock());
  store.insertRow(object, {
    ...read.values,
    Id: id,
    IsDeleted: 0,
    OwnerId: user.id,
    CreatedById: user.id,
    LastModifiedById: user.id,
    CreatedDate: at,
    LastModifiedDate: at,
    SystemModstamp: at,
  });
  if (object === store.staging && findField(object, productionIdField) && (read.values[productionIdField] ?? null) === null) {
    store.scheduleWorkflow(id);
  }
  store.writeJournal({ call: context.call, actor: user.username, operation: 'create', object, recordId: id, key: keyOf(object, read.values) ?? null, before: null, after: read.values });
  return { success: true, id, created: true };
}

/** Updates a stored record and journals the touched fields. */
export function updateRecord(
  context: WriteContext,
  object: OrgObject,
  row: StoredRow,
  input: Readonly<Record<string, unknown>>,
  options: { index?: number; operation?: 'update' | 'behind' } = {},
): RecordResult {
  const { store, user } = context;
  const id = String(row['Id']);
  const injected = context.injected({ index: options.index ?? 0, id, key: keyOf(object, row) });
  if (injected) return { success: false, errors: [injected] };
  if (row['IsDeleted'] === 1) return refuseRecord('ENTITY_IS_DELETED', 'entity is deleted');
  const read = readInput(object, input, { creating: false, form: context.form });
  if ('errors' in read) return { success: false, errors: read.errors };
  const duplicate = duplicateOf(store, object, read.values, id);
  if (duplicate) return { success: false, errors: [duplicate] };
  const at = formatInstant(store.clock());
  store.updateRow(object, id, { ...read.values, LastModifiedById: user.id, LastModifiedDate: at, SystemModstamp: at });
  const before = Object.fromEntries(Object.keys(read.values).map((name) => [name, row[name] ?? null]));
  store.writeJournal({
    call: context.call,
    actor: user.username,
    operation: options.operation ?? 'update',
    object,
    recordId: id,
    key: keyOf(object, { ...row, ...read.values }) ?? null,
    before,
    after: read.values,
  });
  return { success: true, id, created: false };
}

/** Puts a record into the recycle bin and journals what it held. */
export function deleteRecord(
  context: WriteContext,
  object: OrgObject,
  row: StoredRow,
  options: { index?: number; operation?: 'delete' | 'behind' } = {},
): RecordResult {
  const { store, user } = context;
  const id = String(row['Id']);
  const injected = context.injected({ index: options.index ?? 0, id, key: keyOf(object, row) });
  if (injected) return { success: false, errors: [injected] };
  if (row['IsDeleted'] === 1) return refuseRecord('ENTITY_IS_DELETED', 'entity is deleted');
  const at = formatInstant(store.clock());
  store.updateRow(object, id, { IsDeleted: 1, LastModifiedById: user.id, LastModifiedDate: at, SystemModstamp: at });
  const { id_identity: _identity, ...before } = row;
  store.writeJournal({
    call: context.call,
    actor: user.username,
    operation: options.operation ?? 'delete',
    object,
    recordId: id,
    key: keyOf(object, row) ?? null,
    before,
    after: null,
  });
  return { success: true, id, created: false };
}

/**
 * Creates or updates the record with an external id.
 *
 * Shape: `field` is `Id` or an external id field; the value counts as saved text, trimmed.
 */
export function upsertRecord(
  context: WriteContext,
  object: OrgObject,
  match: { field: OrgField; value: string; updateOnly?: boolean },
  input: Readonly<Record<string, unknown>>,
  index = 0,
): RecordResult {
  const { store } = context;
  if (match.field.name === 'Id') {
    const row = store.findById(object, match.value);
    if (!row) return refuseRecord('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    return updateRecord(context, object, row, input, { index });
  }
  const found = store.findByField(object, match.field, match.value, 2);
  const [row] = found;
  if (found.length > 1) {
    const ids = found.map((one) => String(one['Id'])).join(', ');
    return refuseRecord('DUPLICATE_EXTERNAL_ID', `${match.field.name}: more than one record found for external id field: [${ids}]`, [match.field.name]);
  }
  if (row) return updateRecord(context, object, row, input, { index });
  if (match.updateOnly) return refuseRecord('NOT_FOUND', 'The requested resource does not exist');
  return createRecord(context, object, { ...input, [match.field.name]: match.value }, index);
}
