import * as z from 'zod';
import { mappingSchema } from '../../../shared/domain/mapping.ts';
import { policyChoiceSchema, thresholdsSchema } from '../../../shared/domain/policy.ts';

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];

/** An address that a token may be sent to: https, or http on this machine. */
const orgUrlSchema = z.string().refine(
  (text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname));
  },
  { error: 'must be an https address (plain http only on loopback)' },
);

const apiVersionSchema = z.string().regex(/^\d{2,3}\.0$/u, { error: 'must look like "64.0"' });

const name = z.string().trim().min(1).max(200);
const identifier = z.string().regex(/^[A-Za-z_]\w*$/u, { error: 'must be a plain name of letters, digits and underscores' });

/** `catalog.schema.table` as it stands in SQL. */
const qualified = z.string().regex(/^[A-Za-z_]\w*\.[A-Za-z_]\w*\.[A-Za-z_]\w*$/u, { error: 'must look like catalog.schema.table, of plain names' });

const databricksSchema = z.strictObject({
  kind: z.literal('databricks'),
  /** Name of the workspace's host, also when it was pasted with `https://`; a port may follow. */
  host: z
    .string()
    .trim()
    .transform((text) => text.replace(/^https:\/\//u, '').replace(/\/+$/u, ''))
    .refine((text) => /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/u.test(text), { error: 'must be the name of a host, like dbc-1234.cloud.databricks.com' }),
  httpPath: z.string().regex(/^\/?[\w./-]+$/u, { error: 'must look like /sql/1.0/warehouses/0123456789abcdef' }),
  /** Where our six objects are kept. Default: `crm.sfdc_dbx`. */
  catalog: identifier.optional(),
  schema: identifier.optional(),
  /** Where the tables are that the rules read. */
  sources: z.strictObject({ properties: qualified.optional(), property_features: qualified.optional(), product_property: qualified.optional() }).optional(),
  /** PEM file of a certificate authority to be trusted besides the public ones. */
  caFile: z.string().min(1).optional(),
  proxy: z.url({ error: 'must be an address like http://proxy.example.com:3128' }).refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), { error: 'must not hold a password; set COUNTERSIGN_PROXY_AUTH' }).optional(),
  /** The OAuth client that people sign in with, registered for `http://localhost:<port>`. */
  oauth: z.strictObject({ clientId: z.string().min(1), port: z.number().int().min(1_024).max(65_535).default(8_030), scopes: z.string().min(1).default('sql offline_access') }).optional(),
});
export type DatabricksConfig = z.infer<typeof databricksSchema>;

const simulatedOrgSchema = z.strictObject({ kind: z.literal('simulated'), production: z.boolean().optional() });

const salesforceOrgSchema = z.strictObject({
  kind: z.literal('salesforce'),
  loginUrl: orgUrlSchema.optional(),
  instanceUrl: orgUrlSchema.optional(),
  production: z.boolean().optional(),
  apiVersion: apiVersionSchema.optional(),
});

/** What `init --config FILE` accepts. Unknown keys are refused at any depth. */
export const configFileSchema = z.strictObject({
  name: name.optional(),
  warehouse: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('embedded'), source: z.string().min(1) }), databricksSchema]),
  org: z.preprocess(
    (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, 'kind') ? { ...value, kind: 'salesforce' } : value),
    z.discriminatedUnion('kind', [simulatedOrgSchema, salesforceOrgSchema]),
  ),
  mapping: z.string().min(1).optional(),
  policy: policyChoiceSchema.optional(),
  thresholds: thresholdsSchema.optional(),
});

/** `workspace.json`: connections without secrets, mapping, policy, thresholds. */
export const workspaceConfigSchema = z.strictObject({
  version: z.literal(1),
  name,
  warehouse: z.discriminatedUnion('kind', [
    /** `source`: absolute path of the folder with the CSV files; null for the sample, whose tables are in `warehouse.db`. */
    z.strictObject({ kind: z.literal('embedded'), source: z.string().min(1).nullable() }),
    databricksSchema,
  ]),
  org: z.discriminatedUnion('kind', [
    z.strictObject({ ...simulatedOrgSchema.shape, production: z.boolean(), apiVersion: apiVersionSchema }),
    z.strictObject({ ...salesforceOrgSchema.shape, production: z.boolean(), apiVersion: apiVersionSchema }),
  ]),
  mapping: mappingSchema,
  policy: policyChoiceSchema,
  thresholds: thresholdsSchema,
});
export type WorkspaceConfig = z.infer<typeof workspaceConfigSchema>;

/** The Salesforce API version that is spoken when the config names none. */
export const defaultApiVersion = '64.0';
