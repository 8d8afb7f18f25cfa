import type { RecordError } from '../org-refusal.ts';
import { findField, findObject, type OrgObject } from '../schema.ts';
import { createRecord, deleteRecord, refuseRecord, updateRecord, upsertRecord, type RecordResult, type WriteContext } from '../write-record.ts';
import type { Job, JobRow } from './job-store.ts';

/** How Bulk results word a refusal: `CODE:message:FIELDS --`. */
export function bulkError(errors: readonly RecordError[]): string {
  const [first] = errors;
  return `${first?.statusCode}:${first?.message}:${first?.fields.join(',') ?? ''} --`;
}

/** Why the header of an upload fails the whole job; undefined when it is sound. */
export function headerError(object: OrgObject, columns: readonly string[]): string | undefined {
  const unknown = columns.find((column) => !findField(object, column));
  if (unknown !== undefined) return `InvalidBatch : Field name not found : ${unknown}`;
  const repeated = columns.find((column, index) => columns.indexOf(column) !== index);
  return repeated === undefined ? undefined : `InvalidBatch : Field name is duplicated : ${repeated}`;
}

/** Reads a row's cells: an empty one says nothing, `#N/A` blanks the field. */
function inputOf(columns: readonly string[], cells: readonly string[]): Record<string, string | null> {
  const entries = columns.flatMap((column, index): [string, string | null][] => {
    const cell = cells[index] ?? '';
    return cell === '' ? [] : [[column, cell === '#N/A' ? null : cell]];
  });
  return Object.fromEntries(entries);
}

/** Writes one row of an ingest job. */
export function writeIngestRow(context: WriteContext, job: Job, row: JobRow): RecordResult {
  const { store } = context;
  const object = findObject(store.schema, job.settings.object) as OrgObject;
  const columns = job.columns ?? [];
  if (row.cells.length !== columns.length) {
    return refuseRecord('INVALID_ROW', `The number of columns differs from that of the header: ${row.cells.length}`);
  }
  const input = inputOf(columns, row.cells);
  const take = (field: string): string => {
    const name = columns.find((column) => findField(object, column)?.name === field);
    const value = name === undefined ? null : (input[name] ?? null);
    if (name !== undefined) delete input[name];
    return value ?? '';
  };
  if (job.settings.operation === 'insert') return createRecord(context, object, input, row.position);
  if (job.settings.operation === 'upsert') {
    const field = findField(object, job.settings.externalIdFieldName ?? '');
    const value = take(field?.name ?? '').trim();
    if (!field || value === '') return refuseRecord('MISSING_ARGUMENT', `${field?.name} not specified`);
    return upsertRecord(context, object, { field, value }, input, row.position);
  }
  const id = take('Id');
  if (id === '') return refuseRecord('MISSING_ARGUMENT', 'Id not specified in an update call');
  const stored = store.findById(object, id);
  if (!stored) return refuseRecord('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (job.settings.operation === 'delete') return deleteRecord(context, object, stored, { index: row.position });
  return updateRecord(context, object, stored, input, { index: row.position });
}
