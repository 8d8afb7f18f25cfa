import { openDatabase, type SqliteDatabase, type SqliteStatement } from '../../adapters/sqlite/open-database.ts';
import { addMissingColumns } from './org-file.ts';
import { formatInstant, toJsonValue, type StoredRow, type StoredValue } from './org-value.ts';
import { idIdentity, makeId } from './salesforce-id.ts';
import { buildSchema, findField, productionIdField, stagingKeyField, stagingObjectName, type OrgField, type OrgObject } from './schema.ts';

export interface OrgUser {
  id: string;
  username: string;
  name: string;
}

export type EffectOperation = 'create' | 'update' | 'delete' | 'workflow' | 'behind';

/** One effect on a record, as the journal keeps it. */
export interface Effect {
  call: string;
  actor: string;
  operation: EffectOperation;
  object: OrgObject;
  recordId: string;
  /** The value of the unique external id, by which the record is known outside. */
  key: string | null;
  before: StoredRow | null;
  after: StoredRow | null;
}

/** The org's SQLite file, with the reads and writes every part of the server shares. */
export interface OrgStore {
  db: SqliteDatabase;
  schema: readonly OrgObject[];
  staging: OrgObject;
  orgId: string;
  orgName: string;
  production: boolean;
  password: string;
  clock: () => number;
  prepare: (sql: string) => SqliteStatement;
  /** Finds a record, also a deleted one, by either spelling of its id. */
  findById: (object: OrgObject, id: string) => StoredRow | undefined;
  /** Finds the live records with a field value; at most `limit`. */
  findByField: (object: OrgObject, field: OrgField, value: StoredValue, limit: number) => StoredRow[];
  insertRow: (object: OrgObject, row: StoredRow) => void;
  updateRow: (object: OrgObject, id: string, changes: StoredRow) => void;
  writeJournal: (effect: Effect) => void;
  nextId: (keyPrefix: string) => string;
  /** The user of that name, made at the first sign-in. */
  userNamed: (username: string) => OrgUser;
  userById: (id: string) => OrgUser | undefined;
  runDueWorkflow: () => void;
  scheduleWorkflow: (recordId: string) => void;
  close: () => void;
}

function journalValues(object: OrgObject, row: StoredRow | null): string | null {
  if (row === null) return null;
  const values = Object.entries(row).flatMap(([name, value]) => {
    const field = object.fields.find((candidate) => candidate.name === name);
    return field ? [[name, toJsonValue(field, value)] as const] : [];
  });
  return JSON.stringify(Object.fromEntries(values));
}

/**
 * Opens the file of a simulated org.
 *
 * Shape:  `fields` adds to the staging fields the file was made with.
 * Units:  `workflowDelayMs` milliseconds from a create to the workflow that fills the production id.
 * Errors: throws when the file is not one that `createOrgFile` made.
 */
export function openOrgStore(options: {
  file: string;
  clock: () => number;
  workflowDelayMs: number;
  fields?: readonly OrgField[];
}): OrgStore {
  const { clock } = options;
  const db = openDatabase(options.file, { durability: 'normal' });
  const statements = new Map<string, SqliteStatement>();
  const prepare = (sql: string): SqliteStatement => {
    const known = statements.get(sql);
    if (known) return known;
    if (statements.size > 500) statements.clear();
    const made = db.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  const meta = (name: string): string => {
    const row = prepare('SELECT value FROM meta WHERE name = ?').get(name) as { value: string } | undefined;
    if (!row) throw new Error(`${options.file} is not the file of a simulated org`);
    return row.value;
  };
  const made = JSON.parse(meta('fields')) as OrgField[];
  const fields = [...made.filter((field) => !options.fields?.some((given) => given.name === field.name)), ...(options.fields ?? [])];
  const schema = buildSchema(fields);
  const staging = schema.find((object) => object.name === stagingObjectName) as OrgObject;
  addMissingColumns(db, staging);

  const findById = (object: OrgObject, id: string): StoredRow | undefined => {
    const exact = prepare(`SELECT * FROM "${object.name}" WHERE Id = ?`).get(id) as StoredRow | undefined;
    if (exact || (id.length !== 15 && id.length !== 18)) return exact;
    return prepare(`SELECT * FROM "${object.name}" WHERE id_identity = ? LIMIT 1`).get(idIdentity(id)) as StoredRow | undefined;
  };
  const nextCount = (name: string): number =>
    (prepare('INSERT INTO counter VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value').get(name) as { value: number })
      .value;
  const nextId = (keyPrefix: string): string => {
    const object = schema.find((candidate) => candidate.keyPrefix === keyPrefix);
    const id = makeId(keyPrefix, 'Nw', nextCount(keyPrefix));
    return object && findById(object, id) ? nextId(keyPrefix) : id;
  };
  const insertRow = (object: OrgObject, row: StoredRow): void => {
    const names = object.fields.map((field) => field.name);
    const columns = names.map((name) => `"${name}"`).join(', ');
    const marks = names.map(() => '?').join(', ');
    const values = object.fields.map((field) => row[field.name] ?? (field.type === 'boolean' ? 0 : null));
    prepare(`INSERT INTO "${object.name}" (${columns}, id_identity) VALUES (${marks}, ?)`).run(...values, idIdentity(String(row['Id'])));
  };
  const updateRow = (object: OrgObject, id: string, changes: StoredRow): void => {
    const names = Object.keys(changes);
    const sets = names.map((name) => `"${name}" = ?`).join(', ');
    prepare(`UPDATE "${object.name}" SET ${sets} WHERE Id = ?`).run(...Object.values(changes), id);
  };
  const writeJournal = (effect: Effect): void => {
    prepare(
      `INSERT INTO journal (at, call, actor, operation, object, record_id, external_key, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      new Date(clock()).toISOString(),
      effect.call,
      effect.actor,
      effect.operation,
      effect.object.name,
      effect.recordId,
      effect.key,
      journalValues(effect.object, effect.before),
      journalValues(effect.object, effect.after),
    );
  };
  const toUser = (row: StoredRow | undefined): OrgUser | undefined =>
    row && { id: String(row['Id']), username: String(row['Username']), name: String(row['Name']) };
  const user = schema.find((object) => object.name === 'User') as OrgObject;

  const fillProductionId = (recordId: string): void => {
    prepare('DELETE FROM workflow_due WHERE record_id = ?').run(recordId);
    const row = findById(staging, recordId);
    if (!row || row['IsDeleted'] === 1 || row[productionIdField] !== null || !findField(staging, productionIdField)) return;
    const productionId = makeId('a1P', 'Nw', nextCount('a1P'));
    updateRow(staging, recordId, { [productionIdField]: productionId, SystemModstamp: formatInstant(clock()) });
    writeJournal({
      call: 'workflow',
      actor: 'workflow',
      operation: 'workflow',
      object: staging,
      recordId,
      key: String(row[stagingKeyField] ?? '') || null,
      before: { [productionIdField]: null },
      after: { [productionIdField]: productionId },
    });
  };

  return {
    db,
    schema,
    staging,
    orgId: meta('orgId'),
    orgName: meta('orgName'),
    production: meta('production') === 'true',
    password: meta('password'),
    clock,
    prepare,
    findById,
    findByField: (object, field, value, limit) =>
      prepare(`SELECT * FROM "${object.name}" WHERE "${field.name}" = ? AND +IsDeleted = 0 ORDER BY Id LIMIT ?`).all(value, limit) as StoredRow[],
    insertRow,
    updateRow,
    writeJournal,
    nextId,
    userNamed: (username) => {
      const known = toUser(prepare('SELECT * FROM "User" WHERE Username = ?').get(username) as StoredRow | undefined);
      if (known) return known;
      const at = formatInstant(clock());
      const name = username.split('@')[0] || username;
      const made: OrgUser = { id: nextId('005'), username, name };
      insertRow(user, {
        Id: made.id,
        Username: username,
        Name: name,
        Email: username.includes('@') ? username : `${username}@sample-org.example`,
        IsActive: 1,
        CreatedDate: at,
        LastModifiedDate: at,
        SystemModstamp: at,
      });
      return made;
    },
    userById: (id) => toUser(findById(user, id)),
    runDueWorkflow: () => {
      const due = prepare('SELECT record_id FROM workflow_due WHERE due_at <= ? ORDER BY due_at, record_id').all(clock()) as { record_id: string }[];
      if (due.length === 0) return;
      db.transaction(() => due.forEach((row) => fillProductionId(row.record_id)))();
    },
    scheduleWorkflow: (recordId) => {
      prepare('INSERT OR REPLACE INTO workflow_due VALUES (?, ?)').run(recordId, clock() + options.workflowDelayMs);
    },
    close: () => db.close(),
  };
}
