import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chainEvent, hashEvent } from '../../../electron/core/audit/chain.ts';
import { canonicalJson } from '../../../electron/core/canonical.ts';
import { auditEventTypes } from '../../../shared/domain/audit-event.ts';

const facts = fc.record({
  v: fc.constant(1 as const), seq: fc.nat(), id: fc.uuid(), lineage: fc.uuid(), at: fc.constant('2026-11-26T00:00:00.000Z'), type: fc.constantFrom(...auditEventTypes),
  actor: fc.string({ unit: 'grapheme' }), batchId: fc.option(fc.string({ unit: 'grapheme' })), runId: fc.option(fc.string()), keys: fc.array(fc.string({ unit: 'grapheme' })),
  data: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<never>), prev: fc.constant('0'.repeat(64)),
});

test('an event is stored as the canonical JSON of all it holds, with the hash of the rest', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const { event, bytes } = chainEvent(given);
      expect(event.hash).toBe(hashEvent(given));
      expect(bytes).toBe(canonicalJson(event));
    }),
  );
});
