import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import defaultMapping from '../../electron/core/default-mapping.json' with { type: 'json' };
import { columnLines } from '../../renderer/words/column-lines.ts';

const textOf = (view: string) => readFileSync(new URL(`../../electron/warehouse-views/${view}.sql`, import.meta.url), 'utf8');
const shown = (view: string, column: string) => columnLines(textOf(view), column).map((line) => textOf(view).split('\n')[line - 1]?.trim());

describe('the lines that give a column', () => {
  test('lead from the last one back to what it reads, and hold no other column', () => {
    expect(shown('properties_aggregated_by_sfdc_id', 'bank_linking_enabled')).toEqual([
      'm.is_active,',
      'm.is_active AND m.bank_linking_enabled AS bank_linking,',
      'MAX(CASE WHEN m.bank_linking THEN 1 ELSE 0 END) AS bank_linking,',
      'g.bank_linking = 1 AS bank_linking_enabled,',
    ]);
  });

  test('are those of both halves of a union', () => {
    expect(shown('properties_to_update', 'city')).toEqual(['a.city,', 'e.city,']);
  });

  test('take in the whole of an expression over several lines, and no clause that ends with a column', () => {
    const sql = ['-- t.a,', 'SELECT', '  CASE', '    WHEN t.b > 0', '    THEN t.c', '  END AS a,', '  t.d', 'FROM t', 'JOIN u ON u.x = t.a', 'WHERE t.a'].join('\n');
    expect(columnLines(sql, 'a')).toEqual([3, 4, 5, 6]);
    expect(columnLines(sql, 'x')).toEqual([]);
  });

  test.each(['rds_properties_enriched', 'properties_aggregated_by_sfdc_id', 'properties_to_create', 'properties_to_update'])('are found for every mapped column of %s', (view) => {
    for (const { column } of defaultMapping.fields) {
      const lines = shown(view, column);
      expect(lines.at(-1), column).toMatch(new RegExp(`(?:\\bAS |\\.)${column},?$`, 'u'));
    }
  });

  test('are none where the view has no such column', () => {
    expect(columnLines(textOf('property_sync_audit_log'), 'city')).toEqual([]);
  });
});
