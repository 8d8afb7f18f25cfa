import { AppFailure } from '../../../core/app-failure.ts';
import type { MappedField, Mapping, Rule } from '../../../../shared/domain/mapping.ts';

/** One line of the view and what stands there in plan B. */
interface Replacement {
  from: string;
  to: string;
}

/**
 * Writes the text of `properties_aggregated_by_sfdc_id` in which one field follows another rule.
 *
 * Shape:  only lines of that field change, each in its place. A flag by `primary` is TRUE when the primary has the feature, and the primary
 *         is its winner; a date by `primary` is the primary's, when it has the feature. Everything else stays, the field's date or flag too.
 * Errors: `invalid-input` for a field that is not mapped, a rule that says nothing about its type, or a text that does not have the lines.
 */
export function draftRule(sql: string, mapping: Mapping, name: string, rule: Rule): string {
  const field = mapping.fields.find((one) => one.field === name);
  if (!field) throw new AppFailure('invalid-input', `The mapping has no field ${name}.`, { field: name });
  const refused = reasonAgainst(field, rule);
  if (refused !== null) throw new AppFailure('invalid-input', `${field.label} cannot follow the rule ${rule}: ${refused} Edit the text of the view for other rules.`, { field: name, rule });
  return replacementsFor(field).reduce((text, replacement) => replaceLine(text, replacement, field), sql);
}

function reasonAgainst(field: MappedField, rule: Rule): string | null {
  if (rule === field.rule) return 'it follows it already.';
  if (field.type === 'text') return `it is a text, and ${rule === 'any' ? 'any speaks of flags' : 'earliest speaks of dates'} only.`;
  if (rule === 'any') return 'any speaks of flags only.';
  if (rule === 'earliest') return 'earliest speaks of dates only.';
  return null;
}

function replacementsFor({ type, column }: MappedField): Replacement[] {
  const isPrimary = 'm.property_id = m.primary_property_id';
  const code = column.replace(/_enabled(?:_at)?$/u, '');
  return type === 'flag'
    ? [
        { from: `MAX(CASE WHEN m.${code} THEN 1 ELSE 0 END) AS ${code},`, to: `MAX(CASE WHEN m.${code} AND ${isPrimary} THEN 1 ELSE 0 END) AS ${code},` },
        { from: `g.${code}_winner_id AS ${column}_winner_id,`, to: `CASE WHEN g.${code} = 1 THEN g.primary_property_id END AS ${column}_winner_id,` },
      ]
    : [
        { from: `MAX(m.${code}_at) AS ${code}_at,`, to: `MAX(CASE WHEN m.${code} AND ${isPrimary} THEN m.${column} END) AS ${code}_at,` },
        { from: `CASE WHEN g.${code}_at IS NOT NULL THEN g.${code}_winner_id END AS ${column}_winner_id,`, to: `CASE WHEN g.${code}_at IS NOT NULL THEN g.primary_property_id END AS ${column}_winner_id,` },
      ];
}

/** A line that is not there exactly once would be another rule than the one that is meant. */
function replaceLine(sql: string, { from, to }: Replacement, field: MappedField): string {
  const lines = sql.split('\n');
  const found = lines.flatMap((line, at) => (line.trim() === from ? [at] : []));
  const [at] = found;
  if (found.length !== 1 || at === undefined) {
    throw new AppFailure('invalid-input', `${field.label} cannot follow another rule by itself: properties_aggregated_by_sfdc_id does not have the line "${from}" once. Edit the text of the view instead.`, { field: field.field });
  }
  return lines.with(at, (lines[at] ?? '').replace(from, () => to)).join('\n');
}
