import { isEffective, type FieldChange } from '../../../../../shared/domain/field-diff.ts';
import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import { findOddCharacters } from '../../../../../shared/domain/odd-character.ts';
import type { CheckId } from '../../../../core/checks/catalog.ts';
import { holdsType, isNeededInCreates } from '../../../../core/field-fit.ts';
import type { OrgField, OrgObject } from '../../../../core/org-ports.ts';
import type { CandidateChange } from '../../../../core/ports.ts';
import type { SqliteDatabase } from '../../open-database.ts';

const valueChecks = ['missing-name', 'text-too-long', 'picklist-value', 'looks-alike'] as const satisfies readonly CheckId[];

/** A check and what it has to say of one change. */
export type ValueHit = readonly [check: (typeof valueChecks)[number], detail: string];

interface FieldLimit {
  label: string;
  type: Mapping['fields'][number]['type'];
  length: number;
  required: boolean;
  picklist: ReadonlySet<string> | null;
}

/** What a proposed value must not go beyond, in the mapping's order. */
export interface ValueLimits {
  fields: readonly FieldLimit[];
  /** 0 where it is not known. */
  keyLength: number;
}

/** Reads the limits once, for all changes of a snapshot. */
export function valueLimits(mapping: Mapping, org: OrgObject | null): ValueLimits {
  return { fields: mapping.fields.map((field) => limitOf(field, orgField(org, field.field))), keyLength: orgField(org, mapping.keyField)?.length ?? 0 };
}

/** Finds what is wrong with the proposed values of a change, by themselves or for their fields in the org. */
export function findValueHits({ fields, keyLength }: ValueLimits, change: Pick<CandidateChange, 'key' | 'kind' | 'after' | 'changes'>): ValueHit[] {
  const found = new Map<(typeof valueChecks)[number], string[]>();
  const add = (check: (typeof valueChecks)[number], detail: string): void => {
    found.set(check, [...(found.get(check) ?? []), detail]);
  };
  for (const [position, { label, type, length, required, picklist }] of fields.entries()) {
    const value = change.after[position] ?? null;
    if (required && value === null && change.kind === 'create') add('missing-name', `${label} is blank`);
    if (type !== 'text' || typeof value !== 'string' || !isEffective((change.changes[position] ?? 'equal') as FieldChange)) continue;
    if (length > 0 && value.length > length) add('text-too-long', `${label} has ${value.length} of at most ${length} characters`);
    if (picklist !== null && !picklist.has(value)) add('picklist-value', `${label} "${value}"`);
    for (const odd of new Set(findOddCharacters(value).map(({ codePoint, kind }) => `${label} has ${codePoint} (${kind})`))) add('looks-alike', odd);
  }
  if (change.kind === 'create' && keyLength > 0 && change.key.length > keyLength) add('text-too-long', `The key has ${change.key.length} of at most ${keyLength} characters`);
  return valueChecks.flatMap((check): ValueHit[] => {
    const details = found.get(check);
    return details === undefined ? [] : [[check, details.join('; ')]];
  });
}

function limitOf(field: Mapping['fields'][number], inOrg: OrgField | null): FieldLimit {
  const isRequiredInOrg = inOrg !== null && inOrg.type !== 'boolean' && !inOrg.nillable && !inOrg.defaultedOnCreate;
  return {
    label: field.label,
    type: field.type,
    length: inOrg !== null && inOrg.length > 0 ? inOrg.length : (field.length ?? 0),
    required: field.type !== 'flag' && (field.required === true || isRequiredInOrg),
    picklist: inOrg?.restrictedPicklist === true ? new Set(inOrg.picklistValues) : null,
  };
}

/** Adds the changes that propose a blank over a value. */
export function addBlankHits(db: SqliteDatabase): void {
  db.exec("INSERT INTO check_hit SELECT 'blank-over-filled', key, kind, labels(blank_mask) FROM candidate WHERE blank_mask <> 0 ORDER BY position");
}

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
      if (!holdsType(inOrg, field.type)) add('field-type', field.field, `It is ${inOrg.type} in the org`);
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
    if (isNeededInCreates(field) && !mapped.has(field.name)) add('required-missing', field.name, null);
  }
}

function orgField(org: OrgObject | null, name: string): OrgField | null {
  return org?.fields.find((field) => field.name === name) ?? null;
}
