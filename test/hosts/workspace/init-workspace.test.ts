import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import { readWorkspaceConfig } from '../../../electron/hosts/workspace/workspace-folder.ts';
import { initWorkspace } from '../../../electron/hosts/workspace/init-workspace.ts';
import { policyInForce } from '../../../shared/domain/policy.ts';
import type { AppError } from '../../../shared/errors.ts';
import { csvSource, type CsvSource } from '../csv-source.ts';

const sources: CsvSource[] = [];
afterEach(() => sources.splice(0).forEach((source) => source.remove()));

function source(config: Record<string, unknown> = {}): CsvSource {
  const made = csvSource(config);
  sources.push(made);
  return made;
}

async function refused(made: CsvSource, folder = join(made.root, 'workspace')): Promise<AppError> {
  const error: unknown = await initWorkspace({ folder, from: 'config', configFile: made.config }).then(() => null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppFailure);
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  return (error as AppFailure).error;
}

describe('a workspace from a config', () => {
  it('keeps the mapping, the policy with its defaults, the absolute source and no secret', async () => {
    const made = source({ policy: { approvals: 2 }, thresholds: { missing: 7 } });
    const folder = join(made.root, 'deep/er/workspace');
    await initWorkspace({ folder, from: 'config', configFile: made.config });
    const config = readWorkspaceConfig(folder);
    expect(config).toMatchObject({ name: 'Trial', warehouse: { source: made.folder }, policy: { approvals: 2, approvalHours: 24 }, thresholds: { missing: 7, backlog: 200 } });
    expect(config.mapping.fields.length).toBe(17);
  });

  it('wants two people where a production org needs two approvals, unless the config says otherwise', async () => {
    for (const [policy, selfApproval] of [[{ approvals: 2 }, false], [{ approvals: 2, selfApproval: true }, true], [{}, true]] as const) {
      const made = source({ org: { loginUrl: 'https://login.salesforce.com', production: true }, policy });
      const { config } = await initWorkspace({ folder: join(made.root, 'workspace'), from: 'config', configFile: made.config });
      expect(policyInForce(config.policy, config.org.production).selfApproval).toBe(selfApproval);
    }
  });

  it.each([
    ['an unknown key', { extra: 1 }, 'extra'],
    ['an unknown key of a prototype', JSON.parse('{"constructor": 1}') as Record<string, unknown>, 'constructor'],
    ['an unknown key of the policy', { policy: { approvalz: 1 } }, 'policy.approvalz'],
    ['an unknown key of the org', { org: { kind: 'simulated', loginUri: 'x' } }, 'org.loginUri'],
    ['an unknown key of a real org', { org: { loginUrl: 'https://login.salesforce.com', token: 'x' } }, 'org.token'],
    ['an unknown key of the warehouse', { warehouse: { kind: 'embedded', source: './export', table: 1 } }, 'warehouse.table'],
    ['three approvals', { policy: { approvals: 3 } }, 'policy.approvals'],
    ['a number as text', { policy: { chunkSize: '200' } }, 'policy.chunkSize'],
    ['a chunk above the limit of Salesforce', { policy: { chunkSize: 201 } }, 'policy.chunkSize'],
    ['a wrong threshold', { thresholds: { errorRate: 5 } }, 'thresholds.errorRate'],
    ['a wrong kind of warehouse', { warehouse: { kind: 'postgres' } }, 'warehouse.kind'],
    ['no source', { warehouse: { kind: 'embedded' } }, 'warehouse.source'],
    ['no org', { org: undefined }, 'org'],
    ['plain http to another machine', { org: { loginUrl: 'http://login.salesforce.com' } }, 'org.loginUrl'],
    ['a strange version', { org: { apiVersion: 'v64' } }, 'org.apiVersion'],
  ])('refuses %s and names it', async (_, config, key) => {
    const error = await refused(source(config));
    expect([error.code, error.details['key']]).toEqual(['invalid-input', key]);
    expect(error.message).toContain(key.split('.').at(-1));
  });

  it.each([
    ['a column that the views do not have', { column: 'nope' }, 'fields.0.column'],
    ['another rule than the views use', { rule: 'any' }, 'fields.0.rule'],
    ['another type than the column has', { type: 'flag' }, 'fields.0.type'],
    ['the key as a field to write', { field: 'Snappt_Property_ID__c' }, 'fields.0.field'],
    ['a field that Salesforce fills', { field: 'SF_Property_ID__c' }, 'fields.0.field'],
    ['an unknown key', { colour: 'red' }, 'fields.0.colour'],
  ])('refuses a mapping with %s', async (_, change, key) => {
    const made = source({ mapping: 'mapping.json' });
    const field = { column: 'name', field: 'Name', label: 'Name', type: 'text', rule: 'primary', ...change };
    writeFileSync(join(made.root, 'mapping.json'), JSON.stringify({ object: 'Product_Property__c', keyField: 'Snappt_Property_ID__c', productionIdField: 'SF_Property_ID__c', fields: [field] }));
    expect((await refused(made)).details).toEqual({ file: 'mapping.json', key });
  });

  it('refuses a config or a mapping that cannot be read or is not JSON', async () => {
    const made = source({ mapping: 'absent.json' });
    expect((await refused(made)).details['file']).toBe('absent.json');
    writeFileSync(made.config, '{"name": ');
    expect((await refused(made)).message).toContain('not JSON');
  });

  it('refuses a broken product_property.csv, naming file, line and column', async () => {
    const made = source();
    made.write('product_property.csv', made.read('product_property.csv').replace('Bay View Old,', 'Bay View Old,,'));
    expect(await refused(made)).toMatchObject({ code: 'source-invalid', details: { file: 'product_property.csv', line: 3 } });
  });

  it('refuses a source folder that does not exist or lacks a file', async () => {
    const made = source();
    rmSync(join(made.folder, 'properties.csv'));
    expect((await refused(made)).details['file']).toBe('properties.csv');
    rmSync(made.folder, { recursive: true });
    expect((await refused(made)).code).toBe('source-invalid');
  });

  it('leaves alone what is already there', async () => {
    const made = source();
    const folder = join(made.root, 'workspace');
    await initWorkspace({ folder, from: 'config', configFile: made.config });
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).length]);
    await expect(initWorkspace({ folder, from: 'sample' })).rejects.toMatchObject({ error: { code: 'invalid-input' } });
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).length])).toEqual(before);
    const other = join(made.root, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'letter.txt'), 'mine');
    await expect(initWorkspace({ folder: other, from: 'config', configFile: made.config })).rejects.toMatchObject({ error: { code: 'invalid-input' } });
    expect(readdirSync(other)).toEqual(['letter.txt']);
  });

  it('accepts Databricks in the config', async () => {
    const made = source({ warehouse: { kind: 'databricks', host: 'dbc.example.com', httpPath: '/sql/1.0/warehouses/1', catalog: 'crm', schema: 'sfdc_dbx' } });
    const { config } = await initWorkspace({ folder: join(made.root, 'workspace'), from: 'config', configFile: made.config });
    expect(config.warehouse.kind).toBe('databricks');
  });
});
