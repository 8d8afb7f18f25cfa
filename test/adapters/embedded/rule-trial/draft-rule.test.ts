import { describe, expect, it } from 'vitest';
import { draftRule } from '../../../../electron/adapters/embedded/rule-trial/draft-rule.ts';
import { readViewSql } from '../../../../electron/warehouse-views/read-views.ts';
import { lineDifferences } from '../../../../electron/core/views/line-differences.ts';
import { mapping } from '../../../core/snapshot/workspace.ts';

const asIs = readViewSql('properties_aggregated_by_sfdc_id');
const changedLines = (field: string, sql = asIs) => lineDifferences(asIs, draftRule(sql, mapping, field, 'primary')).map(({ side, text }) => `${side === 'expected' ? '-' : '+'} ${text.trim()}`);

describe('a draft by rule', () => {
  it('lets a flag follow the primary, its winner too, and touches no other line', () => {
    expect(changedLines('Bank_Linking_Enabled__c')).toEqual([
      '- MAX(CASE WHEN m.bank_linking THEN 1 ELSE 0 END) AS bank_linking,',
      '+ MAX(CASE WHEN m.bank_linking AND m.property_id = m.primary_property_id THEN 1 ELSE 0 END) AS bank_linking,',
      '- g.bank_linking_winner_id AS bank_linking_enabled_winner_id,',
      '+ CASE WHEN g.bank_linking = 1 THEN g.primary_property_id END AS bank_linking_enabled_winner_id,',
    ]);
  });

  it('lets a date follow the primary, its winner too, and touches no other line', () => {
    expect(changedLines('Bank_Linking_Enabled_At__c')).toEqual([
      '- MAX(m.bank_linking_at) AS bank_linking_at,',
      '+ MAX(CASE WHEN m.bank_linking AND m.property_id = m.primary_property_id THEN m.bank_linking_enabled_at END) AS bank_linking_at,',
      '- CASE WHEN g.bank_linking_at IS NOT NULL THEN g.bank_linking_winner_id END AS bank_linking_enabled_at_winner_id,',
      '+ CASE WHEN g.bank_linking_at IS NOT NULL THEN g.primary_property_id END AS bank_linking_enabled_at_winner_id,',
    ]);
  });

  it('can be made for every flag and date of the mapping, two lines each', () => {
    const fields = mapping.fields.filter(({ type }) => type !== 'text');
    expect(fields).toHaveLength(10);
    for (const { field } of fields) expect(changedLines(field)).toHaveLength(4);
  });

  it.each([
    ['Name', 'any', 'Name cannot follow the rule any: it is a text, and any speaks of flags only.'],
    ['Name', 'earliest', 'Name cannot follow the rule earliest: it is a text, and earliest speaks of dates only.'],
    ['Name', 'primary', 'Name cannot follow the rule primary: it follows it already.'],
    ['Bank_Linking_Enabled__c', 'any', 'Bank linking enabled cannot follow the rule any: it follows it already.'],
    ['Bank_Linking_Enabled__c', 'earliest', 'Bank linking enabled cannot follow the rule earliest: earliest speaks of dates only.'],
    ['Bank_Linking_Enabled_At__c', 'any', 'Bank linking enabled at cannot follow the rule any: any speaks of flags only.'],
    ['Gone__c', 'primary', 'The mapping has no field Gone__c.'],
  ] as const)('refuses %s by %s with the reason', (field, rule, reason) => {
    expect(() => draftRule(asIs, mapping, field, rule)).toThrow(reason);
  });

  it('refuses a text that does not have the lines exactly once, instead of changing something else', () => {
    const line = 'MAX(m.bank_linking_at) AS bank_linking_at,';
    for (const other of [asIs.replace(line, 'MIN(m.bank_linking_at) AS bank_linking_at,'), asIs.replace(line, `${line}\n    ${line}`)]) {
      expect(() => draftRule(other, mapping, 'Bank_Linking_Enabled_At__c', 'primary')).toThrow(`does not have the line "${line}" once`);
    }
  });
});
