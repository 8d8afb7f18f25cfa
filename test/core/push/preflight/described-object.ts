import type { OrgField, OrgObject } from '../../../../electron/core/org-ports.ts';
import { mapping } from '../push-workbench.ts';

const orgTypes = { text: 'string', flag: 'boolean', instant: 'datetime' } as const;

function fieldNamed(name: string, facts: Partial<OrgField>): OrgField {
  return {
    name, label: name, type: 'string', length: 255, nillable: true, createable: true, updateable: true, defaultedOnCreate: false, calculated: false,
    externalId: false, unique: false, caseSensitive: false, restrictedPicklist: false, picklistValues: [], ...facts,
  };
}

/** The mapping's object as an org describes it where all is well; `fields` changes, adds or (null) hides fields. */
export function describedObject(changes: Partial<Omit<OrgObject, 'fields'>> & { fields?: Readonly<Record<string, Partial<OrgField> | null>> } = {}): OrgObject {
  const { fields: changed = {}, ...object } = changes;
  const usual = new Map<string, OrgField>([
    ['Id', fieldNamed('Id', { type: 'id', length: 18, nillable: false, createable: false, updateable: false, defaultedOnCreate: true })],
    [mapping.keyField, fieldNamed(mapping.keyField, { length: 64, externalId: true, unique: true, caseSensitive: true })],
    ...mapping.fields.map(({ field, type, length, required }) => [
      field,
      fieldNamed(field, { type: orgTypes[type], length: type === 'text' ? (length ?? 255) : 0, nillable: type !== 'flag' && required !== true, defaultedOnCreate: type === 'flag' }),
    ] as const),
  ]);
  for (const [name, change] of Object.entries(changed)) {
    if (change === null) usual.delete(name);
    else usual.set(name, { ...(usual.get(name) ?? fieldNamed(name, {})), ...change });
  }
  return { name: mapping.object, createable: true, updateable: true, deletable: true, ...object, fields: [...usual.values()] };
}
