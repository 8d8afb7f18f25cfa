import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countSql, fingerprintSql } from '../../electron/adapters/databricks/statements.ts';
import type { AuditLogRow } from '../../electron/core/warehouse-ports.ts';
import { auditStatements, idsParameter, readEvidence, rowsParameter } from '../../electron/warehouse-views/audit-statements.ts';
import { createTableSql, objectDefinitions, type ObjectDefinition } from '../../electron/warehouse-views/deploy-statements.ts';
import { viewNames } from '../../shared/domain/warehouse.ts';
import { dropTables, makeUpTables } from './made-up-tables.ts';
import { sparkLane } from './spark-session.ts';

const spark = sparkLane('statements');
const properties = 100;
const names = Object.fromEntries([...viewNames, 'properties', 'property_features', 'product_property'].map((name) => [name, `spark_catalog.properties_${properties}.${name}`]));
const run = (sql: string, args: Readonly<Record<string, string>> = {}) => spark.call('run', { sql, args });

/** The statements that go to Databricks, as far as open Spark has what they need: it has no Delta, so no table properties and no constraints. */
describe('Real Spark', () => {
  const objects: ObjectDefinition[] = objectDefinitions(names);

  beforeAll(() => makeUpTables(spark, properties));
  afterAll(() => dropTables(spark, properties));

  it('gives back the text of every deployed view as the text that is compared', async () => {
    for (const object of objects) {
      if (object.kind === 'table') continue;
      await run(object.create);
      await run(object.create);
      const described = await run(`DESCRIBE TABLE EXTENDED ${object.qualifiedName}`);
      expect(described.find(([name]) => name === 'View Text')?.[1]).toBe(object.text);
    }
  });

  it('appends each audit event once, however often it is sent, and keeps every character', async () => {
    const table = names['property_sync_audit_log'] ?? '';
    await run(`DROP TABLE ${table}`);
    const definition = objects.find((object) => object.kind === 'table');
    if (definition?.kind !== 'table') throw new Error('The audit table is not among the objects.');
    await run(`${createTableSql(table, definition)} USING parquet`);
    const { append, present, evidence } = auditStatements(table);
    const rows = [1, 2, 3].map((sequence) => event(sequence));
    await run(append, { rows: rowsParameter(rows.slice(0, 2)) });
    await run(append, { rows: rowsParameter([...rows, rows[2] as AuditLogRow]) });
    const columns = Object.keys(rows[0] ?? {});
    expect(await run(`SELECT ${columns.join(', ')} FROM ${table} ORDER BY sequence`)).toEqual(rows.map((row) => Object.values(row)));
    const ids = [...rows.map((row) => row.event_id), 'not there'];
    expect((await run(present, { rows: idsParameter(ids) })).flat().toSorted()).toEqual(rows.map((row) => row.event_id));
    const found = await run(evidence, { workspace_id: 'w' });
    const named = found.map(([part, number, hash, occurred_at, payload]) => ({ part, number, hash, occurred_at, payload }));
    expect(readEvidence(named)).toMatchObject({ events: 3, last: { seq: 3 }, forks: [] });
  });

  it('refuses audit rows that are not what the table takes, instead of adding nothing or NULL', async () => {
    const { append } = auditStatements(names['property_sync_audit_log'] ?? '');
    await expect(run(append, { rows: '[{"event_id":"x"' })).rejects.toThrow('MALFORMED_RECORD_IN_PARSING');
    await expect(run(append, { rows: JSON.stringify([{ ...event(9), sequence: 'nine' }]) })).rejects.toThrow('MALFORMED_RECORD_IN_PARSING');
  });

  it('names another state of the source after any change, and the same one for the same rows', async () => {
    const before = await run(fingerprintSql(names));
    expect(await run(fingerprintSql(names))).toEqual(before);
    expect(before.map(([table, rows]) => [table, rows])).toEqual([['properties', '100'], ['property_features', '300'], ['product_property', '89']]);
    expect(await run(countSql(names['properties'] ?? ''))).toEqual([['100']]);
    // The value moves to the next column: a hash of the columns one by one would not notice.
    const columns = "id, name, CAST(NULL AS STRING) AS address, address AS city, state, zip, company_id, company_name, status, sfdc_id, created_at, updated_at";
    await run(`CREATE TABLE spark_catalog.properties_${properties}.moved USING parquet AS SELECT ${columns} FROM ${names['properties']}`);
    const moved = await run(fingerprintSql({ ...names, properties: `spark_catalog.properties_${properties}.moved` }));
    expect(moved[0]).not.toEqual(before[0]);
    expect(moved.slice(1)).toEqual(before.slice(1));
  });
});

function event(sequence: number): AuditLogRow {
  return {
    event_id: `e-${sequence}`,
    workspace_id: 'w',
    sequence,
    occurred_at: '2026-11-23T12:00:00.000Z',
    event_kind: 'snapshot.loaded',
    actor: 'admin',
    record_key: `it's "quoted" \\ \u{1f3e2}\n`,
    batch_id: null,
    run_id: null,
    salesforce_id: null,
    outcome: '',
    previous_hash: '0'.repeat(64),
    event_hash: String(sequence).repeat(64),
    payload: JSON.stringify({ text: 'é \u0001 \u2028 :rows' }),
  };
}
