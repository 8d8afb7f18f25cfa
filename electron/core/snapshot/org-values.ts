import type { Mapping } from '../../../shared/domain/mapping.ts';
import { AppFailure } from '../app-failure.ts';
import type { Org, OrgObject, OrgRecord } from '../org-ports.ts';
import type { SnapshotWriter, StoredOrgRecord } from '../ports.ts';
import { WriteBehind } from './write-behind.ts';

/** Records of one page of a scan. */
const scanPage = 2_000;
/** Keys that fit into one query's address, at the length of a UUID. */
const keysPerCall = 180;

/** Where the comparison finds the org's current values. */
export interface OrgValues {
  /** Records of the org that were read so far. */
  recordsRead(): number;
  /** The records under these keys, letter by letter. */
  find(keys: readonly string[]): Promise<StoredOrgRecord[]>;
}

interface OrgValuesInput {
  org: Org;
  object: OrgObject;
  mapping: Mapping;
  writer: SnapshotWriter;
  /** Pending creates and updates whose keys will be asked for. */
  keyCount: number;
  signal: AbortSignal;
  onStart(total: number | null): void;
  onRecords(count: number): void;
}

/**
 * Reads the org's current values by whichever way needs fewer calls: one scan of the object, kept in the snapshot's file
 * so that memory stays bounded, or queries by key while comparing.
 *
 * Errors: `permission-denied` when the key field cannot be read: without it nothing can be compared.
 */
export async function readOrgValues(input: OrgValuesInput): Promise<OrgValues> {
  const { org, mapping, writer, signal } = input;
  const readable = new Set(input.object.fields.map(({ name }) => name));
  if (!readable.has(mapping.keyField)) {
    throw new AppFailure('permission-denied', `The org has no field ${mapping.keyField} in ${mapping.object}, or this user cannot see it. Without it nothing can be compared.`, { field: mapping.keyField });
  }
  const fields = [mapping.keyField, mapping.productionIdField, ...mapping.fields.map(({ field }) => field)].filter((field) => readable.has(field));
  const stored = (record: OrgRecord): StoredOrgRecord => ({
    key: String(record[mapping.keyField] ?? ''),
    id: record.Id,
    productionId: (record[mapping.productionIdField] as string | null | undefined) ?? null,
    values: mapping.fields.map(({ field }) => record[field] ?? null),
  });
  let read = 0;

  const records = await org.countRecords(mapping.object, signal);
  if (Math.ceil(input.keyCount / keysPerCall) < Math.ceil(records / scanPage)) {
    input.onStart(null);
    return {
      recordsRead: () => read,
      async find(keys) {
        const found = await org.readByKeys({ object: mapping.object, keyField: mapping.keyField, keys, fields }, signal);
        read += found.length;
        input.onRecords(found.length);
        return found.map(stored);
      },
    };
  }
  input.onStart(records);
  const kept = new WriteBehind();
  for await (const page of org.scan({ object: mapping.object, fields }, signal)) {
    await kept.add(writer.addOrgRecords(page.filter((record) => typeof record[mapping.keyField] === 'string').map(stored)));
    read += page.length;
    input.onRecords(page.length);
  }
  await kept.end();
  return { recordsRead: () => read, find: (keys) => writer.orgRecords(keys) };
}
