import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { PlanRecord } from '../../../../shared/domain/plan.ts';
import { holdsType, isNeededInCreates } from '../../field-fit.ts';
import type { OrgField, OrgObject } from '../../org-ports.ts';

/** What the org, as it is for this user now, cannot take of a plan; with the words that follow the field's name. */
export const planProblems = {
  'object-not-createable': 'records cannot be created by this user',
  'object-not-updateable': 'records cannot be updated by this user',
  'field-missing': 'does not exist, or this user cannot see it',
  'field-calculated': 'is calculated by Salesforce',
  'field-not-createable': 'cannot be set in new records by this user',
  'field-not-updateable': 'cannot be changed by this user',
  'key-not-unique': 'is not a unique external id, so that a repeated create could make a second record',
  'required-blank': 'is needed in new records and blank',
  'null-not-allowed': 'cannot be blank',
  'type-mismatch': 'does not hold values of this type',
  'text-too-long': 'is too short for the text',
  'picklist-value': 'is a restricted picklist without this value',
  'duplicate-key': 'would hold one key twice',
  'duplicate-record': 'names one record twice',
} as const;

export type PlanProblem = keyof typeof planProblems;

/** One kind of problem with one field. */
export interface FoundProblem {
  problem: PlanProblem;
  /** API name of the field, or of the object where it is the object's. */
  field: string;
  /** Records concerned. */
  count: number;
  /** The first of them, at most 20. */
  keys: string[];
}

const mostKeys = 20;

/** Looks at the records of a plan one after the other and remembers what is wrong. */
export interface PlanCheck {
  add(record: PlanRecord): void;
  /** In the order in which they were first met. */
  problems(): FoundProblem[];
}

interface MappedOrgField {
  name: string;
  type: Mapping['fields'][number]['type'];
  inOrg: OrgField | null;
}

/**
 * Opens a check of a plan against the description of its object.
 *
 * Shape:  records in plan order, creates before updates. Only what the description tells is looked at: whether a change is right is
 *         the business of the views, and what triggers, flows and rules of the org say is known only after the write.
 * Units:  lengths in characters (code points), as Salesforce counts them.
 * Errors: never throws.
 * Source: Salesforce Object Reference, DescribeSObjectResult; a text is kept without white space at its ends.
 */
export function createPlanCheck(mapping: Mapping, org: OrgObject): PlanCheck {
  const found = new Map<string, FoundProblem>();
  const note = (problem: PlanProblem, field: string, key: string): void => {
    const id = `${problem} ${field}`;
    const entry = found.get(id) ?? { problem, field, count: 0, keys: [] };
    entry.count += 1;
    if (entry.keys.length < mostKeys) entry.keys.push(key);
    found.set(id, entry);
  };

  const inOrg = new Map(org.fields.map((field) => [field.name, field]));
  const types = new Map(mapping.fields.map(({ field, type }) => [field, type]));
  const fieldOf = (name: string): MappedOrgField => ({ name, type: types.get(name) ?? 'text', inOrg: inOrg.get(name) ?? null });
  const keyField: MappedOrgField = fieldOf(mapping.keyField);
  const needed = org.fields.filter((field) => isNeededInCreates(field) && field.name !== mapping.keyField).map(({ name }) => name);
  /** A create is looked up with every mapped field, also those that it leaves blank. */
  const missing = mapping.fields.flatMap(({ field }) => (inOrg.has(field) ? [] : [field]));
  const picklists = new Map(org.fields.flatMap((field) => (field.restrictedPicklist ? [[field.name, new Set(field.picklistValues)] as const] : [])));
  const repeatedKeys = createRepeats(keyField.inOrg?.caseSensitive === false ? (key) => key.trim().toLowerCase() : (key) => key.trim());
  const repeatedIds = createRepeats((id) => (id.length === 18 ? id.slice(0, 15) : id));

  const checkField = (kind: PlanRecord['kind'], { name, inOrg: field }: MappedOrgField, key: string): boolean => {
    const problem = fieldProblem(kind, field);
    if (problem !== null) note(problem, name, key);
    return problem === null;
  };

  const checkValue = (kind: PlanRecord['kind'], field: MappedOrgField, value: FieldValue, key: string): void => {
    if (field.inOrg === null) return;
    const problem = valueProblem(kind, field.inOrg, field.type, value, picklists.get(field.name) ?? null);
    if (problem !== null) note(problem, field.name, key);
  };

  const checkKey = (key: string): void => {
    if (checkField('create', keyField, key)) checkValue('create', keyField, key.trim() === '' ? null : key, key);
    if (keyField.inOrg !== null && !(keyField.inOrg.unique && keyField.inOrg.externalId)) note('key-not-unique', keyField.name, key);
    for (const repeated of repeatedKeys.add(key, key)) note('duplicate-key', keyField.name, repeated);
  };

  return {
    add: ({ key, kind, recordId, fields }) => {
      if (kind === 'create') {
        if (!org.createable) note('object-not-createable', org.name, key);
        checkKey(key);
        for (const name of missing) note('field-missing', name, key);
        for (const name of needed) if ((fields[name]?.after ?? null) === null) note('required-blank', name, key);
      } else {
        if (!org.updateable) note('object-not-updateable', org.name, key);
        if (keyField.inOrg === null) note('field-missing', keyField.name, key);
        for (const repeated of repeatedKeys.find(key, key)) note('duplicate-key', keyField.name, repeated);
        for (const repeated of repeatedIds.add(recordId ?? '', key)) note('duplicate-record', 'Id', repeated);
      }
      for (const [name, { after }] of Object.entries(fields)) {
        if (kind === 'create' && missing.includes(name)) continue;
        const field = fieldOf(name);
        if (!checkField(kind, field, key)) continue;
        if (kind === 'create' && after === null && needed.includes(name)) continue;
        checkValue(kind, field, after, key);
      }
    },
    problems: () => [...found.values()],
  };
}

function fieldProblem(kind: PlanRecord['kind'], field: OrgField | null): PlanProblem | null {
  if (field === null) return 'field-missing';
  if (field.calculated) return 'field-calculated';
  if (kind === 'create') return field.createable ? null : 'field-not-createable';
  return field.updateable ? null : 'field-not-updateable';
}

function valueProblem(kind: PlanRecord['kind'], field: OrgField, type: MappedOrgField['type'], value: FieldValue, picklist: ReadonlySet<string> | null): PlanProblem | null {
  if (!holdsType(field, type)) return 'type-mismatch';
  if (value === null) {
    if (field.type === 'boolean') return 'type-mismatch';
    return field.nillable ? null : kind === 'create' && isNeededInCreates(field) ? 'required-blank' : 'null-not-allowed';
  }
  if (type === 'flag') return typeof value === 'boolean' ? null : 'type-mismatch';
  if (typeof value !== 'string') return 'type-mismatch';
  if (type === 'instant') return Number.isNaN(Date.parse(value)) ? 'type-mismatch' : null;
  if (field.length > 0 && isLonger(value, field.length)) return 'text-too-long';
  return picklist === null || picklist.has(value) ? null : 'picklist-value';
}

/** A character outside the basic plane is one character in two units, so that counting is needed only for long texts. */
function isLonger(text: string, length: number): boolean {
  return text.length > length && [...text.trim()].length > length;
}

/** Finds texts that are the same to Salesforce; answers with the key of the new one and, the first time, of the one before it. */
function createRepeats(fold: (text: string) => string): { add(text: string, key: string): string[]; find(text: string, key: string): string[] } {
  const first = new Map<string, string | null>();
  const find = (text: string, key: string): string[] => {
    const before = first.get(fold(text));
    if (before === undefined) return [];
    first.set(fold(text), null);
    return before === null ? [key] : [before, key];
  };
  return {
    find,
    add: (text, key) => {
      const repeated = find(text, key);
      if (repeated.length === 0) first.set(fold(text), key);
      return repeated;
    },
  };
}
