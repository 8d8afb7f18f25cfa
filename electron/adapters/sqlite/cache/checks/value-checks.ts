import { isEffective, type FieldChange } from '../../../../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../../../../shared/domain/field-value.ts';
import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import { findOddCharacters } from '../../../../../shared/domain/odd-character.ts';
import type { CheckId } from '../../../../core/checks/catalog.ts';
import type { OrgField, OrgObject } from '../../../../core/ports.ts';
import type { SqliteDatabase } from '../../open-database.ts';

interface Proposed {
  position: number;
  key: string;
  kind: 'create' | 'update';
  after: string;
  changes: string;
}

/** Adds what is wrong with a proposed value by itself or for its field in the org. */
export function addValueHits(db: SqliteDatabase, mapping: Mapping, org: OrgObject | null): void {
  const fields = mapping.fields.map((field) => limitsOf(field, orgField(org, field.field)));
  const keyLength = orgField(org, mapping.keyField)?.length ?? 0;
  const insert = db.prepare('INSERT INTO check_hit VALUES (?, ?, ?, ?)');
  const page = db.prepare(
    'SELECT p.position, p.key, p.kind, b.after, b.changes FROM pending p JOIN pending_body b ON b.position = p.position WHERE p.position > ? ORDER BY p.position LIMIT 1000',
  );
  for (let rows = page.all(0) as Proposed[]; rows.length > 0; rows = page.all(rows.at(-1)?.position) as Proposed[]) {
    for (const change of rows) {
      const found = problemsOf(fields, change);
      if (change.kind === 'create' && keyLength > 0 && change.key.length > keyLength) found['text-too-long'].push(`The key has ${change.key.length} of at most ${keyLength} characters`);
      for (const check of valueChecks) if (found[check].length > 0) insert.run(check, change.key, change.kind, found[check].join('; '));
    }
  }
  addBlankHits(db, mapping);
}

const valueChecks = ['missing-name', 'text-too-long', 'picklist-value', 'looks-alike'] as const satisfies readonly CheckId[];

/** What each value check has to say of one change. */
function problemsOf(fields: readonly FieldLimits[], change: Proposed): Record<(typeof valueChecks)[number], string[]> {
  const found = { 'missing-name': [] as string[], 'text-too-long': [] as string[], 'picklist-value': [] as string[], 'looks-alike': [] as string[] };
  const after = JSON.parse(change.after) as FieldValue[];
  const changes = JSON.parse(change.changes) as FieldChange[];
  for (const [position, { label, type, length, required, picklist }] of fields.entries()) {
    const value = after[position] ?? null;
    if (required && value === null && change.kind === 'create') found['missing-name'].push(`${label} is blank`);
    if (type !== 'text' || typeof value !== 'string' || !isEffective(changes[position] ?? 'equal')) continue;
    if (length > 0 && value.length > length) found['text-too-long'].push(`${label} has ${value.length} of at most ${length} characters`);
    if (picklist !== null && !picklist.has(value)) found['picklist-value'].push(`${label} "${value}"`);
    const odd = new Set(findOddCharacters(value).map(({ codePoint, kind }) => `${label} has ${codePoint} (${kind})`));
    found['looks-alike'].push(...odd);
  }
  return found;
}

function addBlankHits(db: SqliteDatabase, mapping: Mapping): void {
  const insert = db.prepare('INSERT INTO check_hit VALUES (?, ?, ?, ?)');
  const rows = db.prepare('SELECT kind, key, blank_mask AS mask FROM candidate WHERE blank_mask <> 0 ORDER BY position').all() as { kind: string; key: string; mask: number }[];
  for (const { kind, key, mask } of rows) {
    const labels = mapping.fields.flatMap((field, position) => ((mask & (1 << position)) === 0 ? [] : [field.label]));
    insert.run('blank-over-filled', key, kind, labels.join(', '));
  }
}

interface FieldLimits {
  label: string;
  type: Mapping['fields'][number]['type'];
  length: number;
  required: boolean;
  picklist: ReadonlySet<string> | null;
}

function limitsOf(field: Mapping['fields'][number], inOrg: OrgField | null): FieldLimits {
  const isRequiredInOrg = inOrg !== null && inOrg.type !== 'boolean' && !inOrg.nillable && !inOrg.defaultedOnCreate;
  return {
    label: field.label,
    type: field.type,
    length: inOrg !== null && inOrg.length > 0 ? inOrg.length : (field.length ?? 0),
    required: field.type !== 'flag' && (field.required === true || isRequiredInOrg),
    picklist: inOrg?.restrictedPicklist === true ? new Set(inOrg.picklistValues) : null,
  };
}

const orgTypes: Readonly<Record<Mapping['fields'][number]['type'], ReadonlySet<string>>> = {
  text: new Set(['string', 'textarea', 'picklist', 'phone', 'url', 'email', 'combobox', 'id', 'reference', 'encryptedstring']),
  flag: new Set(['boolean']),
  instant: new Set(['datetime']),
};

/** Adds what the org's description of the object forbids. */
export function addOrgHits(db: SqliteDatabase, mapping: Mapping, org: OrgObject): void {
  const insert = db.prepare('INSERT INTO check_hit VALUES (?, ?, NULL, ?)');
  const add = (check: CheckId, field: string, detail: string | null): void => {
    insert.run(check, field, detail);
  };
  for (const field of mapping.fields) {
    const inOrg = orgField(org, field.field);
    if (inOrg === null) add('field-missing', field.field, null);
    else {
      const isWritable = inOrg.createable && inOrg.updateable && !inOrg.calculated && org.createable && org.updateable;
      if (!isWritable) add('field-not-writable', field.field, inOrg.createable ? 'It can be set in new records only' : null);
      if (!orgTypes[field.type].has(inOrg.type)) add('field-type', field.field, `It is ${inOrg.type} in the org`);
    }
  }
  const key = orgField(org, mapping.keyField);
  if (key === null) add('field-missing', mapping.keyField, 'It is the key field');
  else {
    if (!key.createable) add('field-not-writable', mapping.keyField, 'It is the key field');
    if (!key.unique || !key.externalId) add('key-not-unique', mapping.keyField, null);
  }
  const mapped = new Set([mapping.keyField, ...mapping.fields.map(({ field }) => field)]);
  for (const field of org.fields) {
    const isNeeded = field.createable && !field.nillable && !field.defaultedOnCreate && field.type !== 'boolean';
    if (isNeeded && !mapped.has(field.name)) add('required-missing', field.name, null);
  }
}

function orgField(org: OrgObject | null, name: string): OrgField | null {
  return org?.fields.find((field) => field.name === name) ?? null;
}
