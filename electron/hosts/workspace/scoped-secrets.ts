import { createHash } from 'node:crypto';
import type { Secrets } from '../../core/warehouse-ports.ts';

const scopeCharacters = 16;

/**
 * The secrets of one place only.
 *
 * Shape:  names get a hash of the scope in front (`3f…9a.databricks.token`). With the address in the scope, a workspace
 *         whose address was changed finds nothing, so that no secret goes to a host that it was not given for.
 */
export function scopedSecrets(secrets: Secrets, scope: readonly string[]): Secrets {
  const prefix = createHash('sha256').update(JSON.stringify(scope)).digest('hex').slice(0, scopeCharacters);
  return {
    get isLasting() {
      return secrets.isLasting;
    },
    get: (name) => secrets.get(`${prefix}.${name}`),
    set: (name, value) => secrets.set(`${prefix}.${name}`, value),
  };
}
