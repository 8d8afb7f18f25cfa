import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { openDatabase, type SqliteDatabase } from '../../adapters/sqlite/open-database.ts';
import { formatInstant, parseInstant } from './org-value.ts';
import { idIdentity, makeId, toLongId } from './salesforce-id.ts';
import { buildSchema, stagingObjectName, type OrgField, type OrgObject } from './schema.ts';

type FeatureName = 'Identity_Verification' | 'Bank_Linking' | 'Payroll_Linking' | 'Income_Verification' | 'Fraud_Detection';

type SeedText =
  | 'Name'
  | 'Snappt_Property_ID__c'
  | 'SF_Property_ID__c'
  | 'Address__c'
  | 'City__c'
  | 'State__c'
  | 'Zip__c'
  | 'Company_ID__c'
  | 'Company_Name__c';

/** One staging record as the org starts with it, stored as it stands. Instants are ISO 8601 texts. */
export type OrgSeedRecord = { Id: string; IsDeleted: boolean } & Record<SeedText, string | null> &
  Record<`${FeatureName}_Enabled__c`, boolean> &
  Record<`${FeatureName}_Enabled_At__c`, string | null> & {
    CreatedDate?: string | null;
    LastModifiedDate?: string | null;
    SystemModstamp?: string | null;
  };

export interface OrgFileOptions {
  file: string;
  orgName?: string;
  /** Gives the org a stable id. */
  seed?: string;
  production?: boolean;
  /** The password every user signs in with. */
  password?: string;
  /** Staging fields to add, or to put in place of the field of the same name. */
  fields?: readonly OrgField[];
  records: Iterable<OrgSeedRecord>;
}

export const defaultPassword = 'countersign';
const quote = (name: string): string => `"${name}"`;

function columnDefinition(field: OrgField): string {
  if (field.name === 'Id') return '"Id" TEXT PRIMARY KEY NOT NULL';
  if (field.type === 'boolean') return `${quote(field.name)} INTEGER NOT NULL DEFAULT 0`;
  if (field.type === 'double') return `${quote(field.name)} REAL`;
  const caseInsensitive = (field.type === 'string' || field.type === 'picklist') && !field.caseSensitive;
  return `${quote(field.name)} TEXT${caseInsensitive ? ' COLLATE NOCASE' : ''}`;
}

/** Makes the table of an object, with the column that recognises both spellings of an id. */
function createObjectTable(db: SqliteDatabase, object: OrgObject): void {
  const columns = object.fields.map(columnDefinition).join(', ');
  db.exec(`CREATE TABLE ${quote(object.name)} (${columns}, id_identity TEXT NOT NULL)`);
}

function createObjectIndexes(db: SqliteDatabase, object: OrgObject): void {
  const indexed = object.fields.filter((field) => field.externalId || field.name === 'SystemModstamp' || field.name === 'LastModifiedDate');
  for (const name of ['id_identity', 'IsDeleted', ...indexed.map((field) => field.name)]) {
    db.exec(`CREATE INDEX ${quote(`${object.name}_${name}`)} ON ${quote(object.name)} (${quote(name)})`);
  }
}

/** Adds the columns of fields that the file was not made with. */
export function addMissingColumns(db: SqliteDatabase, object: OrgObject): void {
  const present = new Set((db.pragma(`table_info(${quote(object.name)})`) as { name: string }[]).map((column) => column.name));
  for (const field of object.fields) {
    if (!present.has(field.name)) db.exec(`ALTER TABLE ${quote(object.name)} ADD COLUMN ${columnDefinition(field)}`);
  }
}

const serviceTables = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, call TEXT NOT NULL, actor TEXT NOT NULL, operation TEXT NOT NULL,
    object TEXT NOT NULL, record_id TEXT NOT NULL, external_key TEXT, before TEXT, after TEXT);
  CREATE TABLE workflow_due (record_id TEXT PRIMARY KEY, due_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX workflow_due_at ON workflow_due (due_at);
  CREATE TABLE refresh_token (
    token TEXT PRIMARY KEY, family TEXT NOT NULL, client_id TEXT NOT NULL, user_id TEXT NOT NULL, scope TEXT NOT NULL,
    used INTEGER NOT NULL DEFAULT 0, issued_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE access_token (
    token TEXT PRIMARY KEY, family TEXT NOT NULL, user_id TEXT NOT NULL, scope TEXT NOT NULL, expires_at INTEGER) WITHOUT ROWID;
  CREATE TABLE job (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL, user_id TEXT NOT NULL,
    settings TEXT NOT NULL, columns TEXT, error TEXT) WITHOUT ROWID;
  CREATE TABLE job_row (
    job_id TEXT NOT NULL, position INTEGER NOT NULL, cells TEXT NOT NULL, record_id TEXT, created INTEGER, error TEXT,
    PRIMARY KEY (job_id, position)) WITHOUT ROWID;
`;

/** The usual form of a seed instant, which needs no parsing but a valid day. */
const seedPattern = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

function seedInstant(value: string | null | undefined, otherwise: string | null): string | null {
  if (value === null || value === undefined) return otherwise;
  if (seedPattern.test(value)) return `${value.slice(0, 19)}.000+0000`;
  const instant = parseInstant(value.replace(' ', 'T'));
  if (instant === undefined) throw new Error(`not an instant: ${value}`);
  return formatInstant(instant);
}

function insertSeedRecords(db: SqliteDatabase, object: OrgObject, records: Iterable<OrgSeedRecord>, ownerId: string): number {
  const fields = object.fields;
  const marks = [...fields.map((field) => (field.type === 'reference' ? `'${ownerId}'` : '?')), '?'].join(', ');
  const insert = db.prepare(
    `INSERT INTO ${quote(object.name)} (${fields.map((field) => quote(field.name)).join(', ')}, id_identity) VALUES (${marks})
     ON CONFLICT DO NOTHING`,
  );
  const bound = fields.filter((field) => field.type !== 'reference');
  const idAt = bound.findIndex((field) => field.name === 'Id');
  const started = formatInstant(Date.now());
  let count = 0;
  let replaced = 0;
  for (const record of records) {
    const given = record as Record<string, string | boolean | null | undefined>;
    const modified = seedInstant(record.LastModifiedDate ?? record.SystemModstamp ?? record.CreatedDate, started);
    const dates: Record<string, string | null> = {
      CreatedDate: seedInstant(record.CreatedDate, modified),
      LastModifiedDate: modified,
      SystemModstamp: seedInstant(record.SystemModstamp, modified),
    };
    const values = bound.map((field) => {
      if (dates[field.name] !== undefined) return dates[field.name];
      const value = given[field.name];
      if (field.type === 'boolean') return value === true ? 1 : 0;
      if (field.type === 'datetime') return seedInstant(value as string | null | undefined, null);
      return value ?? null;
    });
    values.push(idIdentity(record.Id));
    if (record.Id === '' || insert.run(values).changes === 0) {
      // A blank or repeated id cannot name a record of its own: such a row gets an id of its own.
      replaced += 1;
      const id = makeId(object.keyPrefix, 'Dup', replaced);
      values[idAt] = id;
      values[values.length - 1] = idIdentity(id);
      insert.run(values);
    }
    count += 1;
  }
  return count;
}

/**
 * Makes the SQLite file of a simulated org and fills it with the records the org starts with.
 *
 * Shape:  an existing file is replaced. Records are stored as they stand: no validation, no trimming; those with `IsDeleted` go to
 *         the recycle bin. A blank or repeated Id is replaced by a new one.
 * Errors: throws when a date-time of a record is no instant, and leaves no file.
 */
export function createOrgFile(options: OrgFileOptions): { orgId: string; records: number } {
  removeOrgFile(options.file);
  const seed = options.seed ?? options.orgName ?? 'Sample Org';
  const digest = createHash('sha256').update(seed).digest();
  const orgId = toLongId(`00D${makeId('', '', digest.readUIntBE(0, 6)).slice(3, 15)}`);
  const ownerId = makeId('005', 'Nw', 0);
  const schema = buildSchema(options.fields);
  const db = openDatabase(options.file, { durability: 'normal' });
  try {
    // A file that is not finished is thrown away, so nothing needs a journal while it is filled.
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('cache_size = -262144');
    const records = db.transaction(() => {
      db.exec(serviceTables);
      for (const object of schema) createObjectTable(db, object);
      const meta = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
      meta.run('orgId', orgId);
      meta.run('orgName', options.orgName ?? 'Sample Org');
      meta.run('production', options.production ? 'true' : 'false');
      meta.run('password', options.password ?? defaultPassword);
      meta.run('fields', JSON.stringify(options.fields ?? []));
      insertSystemRows(db, { orgId, ownerId, orgName: options.orgName ?? 'Sample Org', production: options.production ?? false });
      const staging = schema.find((object) => object.name === stagingObjectName) as OrgObject;
      const count = insertSeedRecords(db, staging, options.records, ownerId);
      for (const object of schema) createObjectIndexes(db, object);
      return count;
    })();
    db.pragma('journal_mode = WAL');
    db.close();
    return { orgId, records };
  } catch (error) {
    db.close();
    removeOrgFile(options.file);
    throw error;
  }
}

function insertSystemRows(
  db: SqliteDatabase,
  org: { orgId: string; ownerId: string; orgName: string; production: boolean },
): void {
  const at = formatInstant(Date.now());
  db.prepare(
    `INSERT INTO "User" (Id, id_identity, Username, Name, Email, IsActive, CreatedDate, LastModifiedDate, SystemModstamp)
     VALUES (?, ?, 'integration@sample-org.example', 'Integration User', 'integration@sample-org.example', 1, ?, ?, ?)`,
  ).run(org.ownerId, idIdentity(org.ownerId), at, at, at);
  db.prepare(
    `INSERT INTO "Organization" (Id, id_identity, Name, IsSandbox, OrganizationType, InstanceName, CreatedDate, LastModifiedDate, SystemModstamp)
     VALUES (?, ?, ?, ?, 'Enterprise Edition', 'SIM1', ?, ?, ?)`,
  ).run(org.orgId, idIdentity(org.orgId), org.orgName, org.production ? 0 : 1, at, at, at);
}

function removeOrgFile(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}
