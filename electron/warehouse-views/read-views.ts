import { readFileSync } from 'node:fs';
import type { ViewName } from '../../shared/domain/warehouse.ts';

/**
 * Reads the text of one object as it stands in the repository, placeholders included.
 *
 * Shape:  a SELECT body; for `property_sync_audit_log` a CREATE TABLE statement. No closing semicolon.
 */
export function readViewSql(name: ViewName): string {
  return readFileSync(new URL(`./${name}.sql`, import.meta.url), 'utf8');
}

/** Puts names into the placeholders of a text; `nameOf` throws for a placeholder that it does not know. */
export function fillPlaceholders(sql: string, nameOf: (placeholder: string) => string): string {
  return sql.replace(/\{\{(\w+)\}\}/g, (_, placeholder: string) => nameOf(placeholder));
}

/**
 * Puts names into the placeholders of one object's text and changes nothing else.
 *
 * Shape:  names: placeholder without braces -> qualified name, as it is to appear in the SQL.
 * Errors: throws when the text has a placeholder that `names` does not give.
 */
export function renderView(name: ViewName, names: Readonly<Record<string, string>>): string {
  return fillPlaceholders(readViewSql(name), (placeholder) => {
    const value = names[placeholder];
    if (value === undefined) throw new Error(`${name}.sql needs a name for ${placeholder}`);
    return value;
  });
}
