import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import * as z from 'zod';
import { mappingSchema, type Mapping } from '../../../shared/domain/mapping.ts';
import { policyChoiceSchema, thresholdsSchema } from '../../../shared/domain/policy.ts';
import { AppFailure } from '../app-failure.ts';
import defaultMappingJson from '../default-mapping.json' with { type: 'json' };
import { configFileSchema, defaultApiVersion, workspaceConfigSchema, type DatabricksConfig, type WorkspaceConfig } from './workspace-config.ts';

/** The mapping of a workspace whose config names none. */
export const defaultMapping: Mapping = mappingSchema.parse(defaultMappingJson);

/** The configuration of a sample workspace. */
export function sampleConfig(): WorkspaceConfig {
  return {
    version: 1,
    name: 'Sample',
    warehouse: { kind: 'embedded', source: null },
    org: { kind: 'simulated', production: false, apiVersion: defaultApiVersion },
    mapping: defaultMapping,
    policy: policyChoiceSchema.parse({}),
    thresholds: thresholdsSchema.parse({}),
  };
}

/**
 * Reads a config file into the configuration of a workspace.
 *
 * Shape:  relative paths in the file are relative to the file.
 * Errors: throws `invalid-input` naming the file and, where there is one, the key.
 */
export function readConfig(file: string, workspaceName: string): WorkspaceConfig {
  const config = parseStrictly(configFileSchema, readJson(file), file);
  const mapping = config.mapping === undefined ? defaultMapping : readMapping(resolve(dirname(file), config.mapping));
  const production = config.org.production ?? false;
  return {
    version: 1,
    name: config.name ?? workspaceName,
    warehouse: config.warehouse.kind === 'embedded' ? { kind: 'embedded', source: resolve(dirname(file), config.warehouse.source) } : withCaFile(config.warehouse, dirname(file)),
    org: config.org.kind === 'simulated' ? { kind: 'simulated', production, apiVersion: defaultApiVersion } : { ...config.org, production, apiVersion: config.org.apiVersion ?? defaultApiVersion },
    mapping,
    policy: config.policy ?? policyChoiceSchema.parse({}),
    thresholds: config.thresholds ?? thresholdsSchema.parse({}),
  };
}

/** A certificate file is named relative to the config. */
function withCaFile(warehouse: DatabricksConfig, folder: string): DatabricksConfig {
  return warehouse.caFile === undefined ? warehouse : { ...warehouse, caFile: resolve(folder, warehouse.caFile) };
}

/** Reads `workspace.json`. Errors: `workspace-damaged` when it is not what this version wrote. */
export function parseWorkspaceConfig(text: string): WorkspaceConfig {
  try {
    return workspaceConfigSchema.parse(JSON.parse(text));
  } catch (error) {
    const problem = error instanceof z.ZodError ? firstProblem(error, null).problem : 'it is not JSON';
    throw new AppFailure('workspace-damaged', `workspace.json cannot be read: ${problem}. Nothing was changed.`, { file: 'workspace.json' });
  }
}

function readMapping(file: string): Mapping {
  const mapping = parseStrictly(mappingSchema, readJson(file), file);
  const seen = new Set<string>();
  mapping.fields.forEach((field, index) => {
    const known = defaultMapping.fields.find((other) => other.column === field.column);
    const key = `fields.${index}`;
    if (!known) throw configFailure(file, `${key}.column`, `the views have no column "${field.column}"`);
    if (field.rule !== known.rule) throw configFailure(file, `${key}.rule`, `the views choose "${field.column}" by the rule "${known.rule}"`);
    if (field.type !== known.type) throw configFailure(file, `${key}.type`, `the column "${field.column}" is of type "${known.type}"`);
    if (field.field === mapping.keyField || field.field === mapping.productionIdField) throw configFailure(file, `${key}.field`, `"${field.field}" is never written`);
    if (seen.has(field.field)) throw configFailure(file, `${key}.field`, `"${field.field}" is mapped twice`);
    seen.add(field.field);
  });
  return mapping;
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw configFailure(file, null, 'the file cannot be read');
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch {
    throw configFailure(file, null, 'the file is not JSON');
  }
}

function parseStrictly<S extends z.ZodType>(schema: S, value: unknown, file: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { key, problem } = firstProblem(parsed.error, value);
  throw configFailure(file, key, problem);
}

function firstProblem(error: z.ZodError, value: unknown): { key: string | null; problem: string } {
  const issue = error.issues[0];
  if (!issue) return { key: null, problem: 'it is not valid' };
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const key = [...path, issue.keys[0] ?? ''].join('.');
    return { key, problem: `"${key}" is not a known key` };
  }
  const key = path.length > 0 ? path.join('.') : null;
  const missing = value !== null && path.length > 0 && valueAt(value, issue.path) === undefined;
  return { key, problem: missing ? `"${path.join('.')}" is missing` : `${key ? `"${key}": ` : ''}${issue.message}` };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined), value);
}

function configFailure(file: string, key: string | null, problem: string): AppFailure {
  const name = basename(file);
  return new AppFailure('invalid-input', `${name} cannot be used: ${problem}.`, { file: name, ...(key === null ? {} : { key }) });
}
