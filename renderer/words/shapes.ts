import { featurePairs } from '../../shared/domain/feature-pair.ts';
import type { Mapping } from '../../shared/domain/mapping.ts';
import type { Shape } from '../../shared/domain/shape.ts';
import type { Transition } from '../../shared/domain/transition.ts';
import { plural, sentenceCase } from '../words.ts';
import { transitionWords } from './transitions.ts';

type Named = Pick<Shape, 'kind' | 'isMulti' | 'fields'>;

/** Fields that a name spells out; the rest is counted. */
const longestName = 4;
const countWords = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** What fields do together. `names` are those to spell out; a clause without names speaks of the fields before it. */
interface Clause {
  fields: readonly string[];
  names: readonly string[];
  verb: string;
}

/** A label inside a sentence: "Bank linking enabled" is "bank linking", "IDV enabled at" is "IDV date". */
function nameInside(label: string): string {
  const bare = label.replace(/ enabled at$/u, ' date').replace(/ enabled$/u, '');
  return /^\p{Lu}\p{Ll}/u.test(bare) ? bare.charAt(0).toLowerCase() + bare.slice(1) : bare;
}

function listOf(names: readonly string[]): string {
  return names.length <= 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function withRest(names: readonly string[], longest: number, noun: string): string {
  const rest = names.length - longest;
  return rest <= 0 ? listOf(names) : `${names.slice(0, longest).join(', ')} and ${plural(rest, `more ${noun}`)}`;
}

/** The date of each flag, by API name. */
function datesOf(mapping: Mapping): Map<string, string> {
  return new Map(featurePairs(mapping).map(({ flag, date }) => [mapping.fields[flag]?.field ?? '', mapping.fields[date]?.field ?? '']));
}

function isFlag(transition: Transition): boolean {
  return transition === 'turned-on' || transition === 'turned-off';
}

function nameOfCreate(shape: Named, mapping: Mapping): string {
  const has = new Set(shape.fields.map((field) => field.field));
  const dates = datesOf(mapping);
  const allFlags = mapping.fields.filter((field) => field.type === 'flag');
  const on = shape.fields.filter((field) => isFlag(field.transition));
  const isAll = on.length > 2 && on.length === allFlags.length;
  const features = on.length === 0 ? 'no features' : isAll ? `all ${countWords[on.length] ?? on.length} features on` : `${withRest(on.map((field) => nameInside(field.label)), longestName, 'feature')} on`;
  const flagOf = new Map([...dates].map(([flag, date]) => [date, flag]));
  const undated = on.filter((flag) => dates.has(flag.field) && !has.has(dates.get(flag.field) ?? '')).map((flag) => `${nameInside(flag.label)} date`);
  const lonely = shape.fields.filter((field) => flagOf.has(field.field) && !has.has(flagOf.get(field.field) ?? '')).map((field) => nameInside(field.label));
  const missing = [...mapping.fields.filter((field) => field.type === 'text' && !has.has(field.field)).map((field) => nameInside(field.label)), ...undated];
  const parts = [features, lonely.length > 0 ? `with ${withRest(lonely, 2, 'date')}` : '', missing.length > 0 ? `without ${withRest(missing, 2, 'field')}` : '', shape.isMulti ? 'several properties' : 'one property'];
  return `New: ${parts.filter((part) => part !== '').join(', ')}`;
}

function clausesOf(shape: Named, mapping: Mapping): Clause[] {
  const dates = datesOf(mapping);
  const flags = shape.fields.filter((field) => isFlag(field.transition));
  const ownDates = new Set(flags.map((flag) => dates.get(flag.field)));
  const groups: { isDate: boolean; transition: Transition; fields: Named['fields'] }[] = [];
  const ordered = [...flags, ...shape.fields.filter((field) => ownDates.has(field.field)), ...shape.fields.filter((field) => !isFlag(field.transition) && !ownDates.has(field.field))];
  for (const field of ordered) {
    const isDate = ownDates.has(field.field);
    const group = groups.find((known) => known.transition === field.transition && known.isDate === isDate);
    if (group) group.fields.push(field);
    else groups.push({ isDate, transition: field.transition, fields: [field] });
  }
  return groups.map(({ isDate, transition, fields }) => {
    const ids = fields.map((field) => field.field);
    const verb = transitionWords[transition];
    // Every flag's date does the same: the names need not be said again.
    if (isDate && fields.length === flags.length) return { fields: ids, names: [], verb: `${fields.length === 1 ? 'date' : 'dates'} ${verb}` };
    return { fields: ids, names: fields.map((field) => nameInside(field.label)), verb };
  });
}

function nameOfUpdate(shape: Named, mapping: Mapping): string {
  let left = longestName;
  let more = shape.fields.length;
  const parts: string[] = [];
  for (const clause of clausesOf(shape, mapping)) {
    if (clause.names.length > 0 && left === 0) continue;
    const names = clause.names.slice(0, left);
    left -= names.length;
    more -= clause.names.length === 0 ? clause.fields.length : names.length;
    parts.push(names.length === 0 ? clause.verb : `${listOf(names)} ${clause.verb}`);
  }
  if (parts.length === 0) parts.push('nothing is sent');
  const text = sentenceCase(parts.join(', '));
  return `${text}${more > 0 ? ` and ${plural(more, 'more field')}` : ''}${shape.isMulti ? ', several properties' : ''}`;
}

/** Names a change shape in plain words, flags first: "IDV FALSE → TRUE, date filled", "New: IDV and bank linking on, one property". */
export function shapeName(shape: Named, mapping: Mapping): string {
  return shape.kind === 'create' ? nameOfCreate(shape, mapping) : nameOfUpdate(shape, mapping);
}

/** The rules that give the values of a shape, each once: "any, earliest". */
export function shapeRules(shape: Pick<Shape, 'fields'>): string {
  return [...new Set(shape.fields.map((field) => field.rule))].sort().join(', ');
}
