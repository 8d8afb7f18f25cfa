import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandNames, endpointOf, queryNames } from '../../shared/contract.ts';

const names = [...queryNames, ...commandNames];
const polluting = ['__proto__', 'constructor', 'prototype'] as const;

/** JSON as it comes over a wire: `JSON.parse` keeps `__proto__` as a key of its own. */
const parsed = (text: string): unknown => JSON.parse(text) as unknown;

const oddJson = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('null', '1', '"x"', 'true', '[]'),
    fc.tuple(fc.constantFrom(...polluting, 'id', 'key', 'filter', 'selection', 'items', 'batch'), tie('value')).map(([key, value]) => `{"${key}":${value}}`),
    fc.tuple(fc.constantFrom(...polluting), tie('value'), tie('value')).map(([key, one, other]) => `{"${key}":${one},"${key}":${other}}`),
    tie('value').map((value) => `[${value}]`),
  ),
})).value;

describe('Row 40: odd JSON', () => {
  it.each(names)('%s takes no input with a key that would reach a prototype', (name) => {
    for (const key of polluting) {
      const { success } = endpointOf(name)?.input.safeParse(parsed(`{"${key}":{"isAdmin":true}}`)) ?? { success: true };
      expect(success, key).toBe(false);
    }
  });

  it('of any shape changes no prototype, whatever call it is for', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), oddJson, (name, text) => {
        const result = endpointOf(name)?.input.safeParse(parsed(text));
        if (result?.success === true) expect(JSON.stringify(result.data)).not.toMatch(/__proto__|constructor|prototype/u);
        expect(Object.keys(Object.prototype)).toEqual([]);
        expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('names of calls are only those of the contract, not those that every object has', () => {
    for (const name of [...polluting, 'toString', 'hasOwnProperty', 'valueOf']) expect(endpointOf(name)).toBeNull();
  });
});
