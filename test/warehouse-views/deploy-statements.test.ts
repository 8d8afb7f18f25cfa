import { describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { comparableText, objectDefinitions, statementsOf } from '../../electron/warehouse-views/deploy-statements.ts';
import { readViewSql, renderView } from '../../electron/warehouse-views/read-views.ts';
import { readTableDefinition } from '../../electron/warehouse-views/table-definition.ts';
import { viewNames } from '../../shared/domain/warehouse.ts';
import { names } from '../core/views/deployed-warehouse.ts';

const auditText = readViewSql('property_sync_audit_log');
const auditRow = {
  event_id: 'e1', workspace_id: 'w1', sequence: 1, occurred_at: '2026-11-26T17:00:00.000Z', event_kind: 'run.started', actor: 'ann', record_key: null, batch_id: 'B-1',
  run_id: 'R-1', salesforce_id: null, outcome: null, previous_hash: '0'.repeat(64), event_hash: 'a'.repeat(64), payload: '{}',
};

describe('the statements of a deployment', () => {
  it('make the five views from the texts of the repository, commented by their first line, and the audit table', () => {
    const definitions = objectDefinitions(names);
    expect(definitions.map(({ name, kind }) => [name, kind])).toEqual(viewNames.map((name) => [name, name === 'property_sync_audit_log' ? 'table' : 'view']));
    const [enriched] = definitions;
    expect(enriched?.create).toBe(
      "CREATE OR REPLACE VIEW crm.sfdc_dbx.rds_properties_enriched\nCOMMENT 'rds_properties_enriched: one row per property id, with one flag and one date per feature.'\nAS\n" +
        renderView('rds_properties_enriched', names).trimEnd(),
    );
    expect(statementsOf(definitions[4]!)).toEqual([
      `CREATE TABLE IF NOT EXISTS crm.sfdc_dbx.property_sync_audit_log (
  event_id VARCHAR(64) NOT NULL,
  workspace_id VARCHAR(64) NOT NULL,
  sequence BIGINT NOT NULL,
  occurred_at VARCHAR(32) NOT NULL,
  event_kind VARCHAR(64) NOT NULL,
  actor VARCHAR(255) NOT NULL,
  record_key VARCHAR(255),
  batch_id VARCHAR(64),
  run_id VARCHAR(64),
  salesforce_id VARCHAR(32),
  outcome VARCHAR(32),
  previous_hash VARCHAR(64) NOT NULL,
  event_hash VARCHAR(64) NOT NULL,
  payload STRING NOT NULL
)
USING DELTA
COMMENT 'property_sync_audit_log: append-only table of audit events, one row per event id.'
TBLPROPERTIES ('delta.appendOnly' = 'true', 'delta.isolationLevel' = 'Serializable')`,
      ...["event_id_is_given CHECK (TRIM(event_id) <> '')", "workspace_id_is_given CHECK (TRIM(workspace_id) <> '')", 'sequence_begins_with_one CHECK (sequence >= 1)', 'occurred_at_is_an_instant CHECK (LENGTH(occurred_at) = 24)', 'previous_hash_is_sha256 CHECK (LENGTH(previous_hash) = 64)', 'event_hash_is_sha256 CHECK (LENGTH(event_hash) = 64)']
        .map((constraint) => `ALTER TABLE crm.sfdc_dbx.property_sync_audit_log ADD CONSTRAINT ${constraint}`),
    ]);
  });

  it('hold nothing that would end them early or leave a placeholder behind', () => {
    for (const statement of objectDefinitions(names).flatMap(statementsOf)) expect(statement).not.toMatch(/[;"`{}]/u);
  });

  it.each(['', 'a.b.c.d', 'a..b', '1a', 'a-b', 'a b', '`a`', "a'b", 'a;DROP TABLE x', 'a\n', '{{x}}'])('are not made for the name %j', (name) => {
    expect(() => objectDefinitions({ ...names, properties: name })).toThrow('properties needs a plain name');
    expect(() => objectDefinitions({ ...names, property_sync_audit_log: name })).toThrow('property_sync_audit_log needs a plain name');
  });

  it('are compared by what a warehouse keeps of them', () => {
    expect(comparableText('-- a\n\n --b\nSELECT 1 -- c\n  , 2\n;\n')).toBe('SELECT 1 -- c\n  , 2');
    expect(comparableText('--only a comment')).toBe('');
    for (const { name, kind } of objectDefinitions(names)) if (kind === 'view') expect(readViewSql(name)).not.toMatch(/--[^\n]*\s*$|;\s*$/u);
  });
});

describe('the text of the audit table', () => {
  it('has fourteen columns and six constraints, each in the form that can be taken apart', () => {
    const { columns, constraints } = readTableDefinition();
    expect([columns.length, constraints.length]).toEqual([14, 6]);
    // Nothing of the text is lost on the way.
    const together = [...columns.map(({ name, type, isNullable }) => `  ${name} ${type}${isNullable ? '' : ' NOT NULL'}`), ...constraints.map(({ name, condition }) => `  CONSTRAINT ${name} CHECK (${condition})`)];
    expect(auditText).toContain(`CREATE TABLE IF NOT EXISTS {{property_sync_audit_log}} (\n${together.join(',\n')}\n)\n`);
  });

  it.each([
    ['CREATE TABLE {{property_sync_audit_log}} (\n  a STRING\n)'],
    ['CREATE TABLE IF NOT EXISTS x (\n  a STRING DEFAULT 1\n)'],
    ['CREATE TABLE IF NOT EXISTS x (\n  CONSTRAINT c CHECK (a > 1),\n  a STRING\n)'],
    ['CREATE TABLE IF NOT EXISTS x (\n  a STRING,\n  CONSTRAINT c CHECK (a > 1\n    AND a < 2)\n)'],
    ['CREATE TABLE IF NOT EXISTS x (\n  a STRING'],
  ])('is refused in a form that would lose a rule: %j', (sql) => {
    expect(() => readTableDefinition(sql)).toThrow();
  });

  it('is taken by SQLite as it stands, which refuses the same rows', () => {
    const db = new Database(':memory:');
    try {
      db.exec(renderView('property_sync_audit_log', { property_sync_audit_log: 'main.property_sync_audit_log' }));
      const columns = Object.keys(auditRow);
      const insert = db.prepare(`INSERT INTO property_sync_audit_log (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`);
      insert.run(auditRow);
      expect(db.prepare('SELECT * FROM property_sync_audit_log').get()).toEqual(auditRow);
      const wrong = [{ event_id: ' ' }, { workspace_id: '' }, { sequence: 0 }, { occurred_at: '2026-11-26T17:00:00Z' }, { previous_hash: '' }, { event_hash: 'a' }, { payload: null }];
      for (const part of wrong) expect(() => insert.run({ ...auditRow, ...part })).toThrow(/constraint failed/u);
    } finally {
      db.close();
    }
  });
});
