import * as z from 'zod';
import { mappingSchema } from '../../../shared/domain/mapping.ts';
import { policySchema, thresholdsSchema } from '../../../shared/domain/policy.ts';

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

const databricksSchema = z.strictObject({
  kind: z.literal('databricks'),
  host: z.string().min(1),
  httpPath: z.string().min(1),
  catalog: identifier.optional(),
  schema: identifier.optional(),
});

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
  policy: policySchema.optional(),
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
  policy: policySchema,
  thresholds: thresholdsSchema,
});
export type WorkspaceConfig = z.infer<typeof workspaceConfigSchema>;

/** The Salesforce API version that is spoken when the config names none. */
export const defaultApiVersion = '64.0';
