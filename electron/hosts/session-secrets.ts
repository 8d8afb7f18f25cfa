import type { Secrets } from '../core/warehouse-ports.ts';

/** Keeps secrets in the memory of this process, and nowhere else: what a host does that has no keystore. */
export function sessionSecrets(): Secrets {
  const kept = new Map<string, string>();
  return {
    isLasting: false,
    get: async (name) => kept.get(name) ?? null,
    async set(name, value) {
      if (value === null) kept.delete(name);
      else kept.set(name, value);
    },
  };
}
