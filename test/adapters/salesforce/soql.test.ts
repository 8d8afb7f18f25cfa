import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trustedOrigin } from '../../../electron/adapters/salesforce/org-connection.ts';
import { fieldList, identifier, isSameId, keyQueries, literal, queryPath } from '../../../electron/adapters/salesforce/soql.ts';
import { parseSoql } from '../../../electron/sample/org/soql/parse.ts';

const request = { object: 'Product_Property__c', keyField: 'Snappt_Property_ID__c', fields: ['Name'] };
const wellFormed = fc.string({ unit: 'binary', maxLength: 60 });

describe('SOQL', () => {
  it('Row 39: carries any text through a literal unchanged', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        const query = parseSoql(`SELECT Id FROM T WHERE Name = ${literal(text)}`);
        expect(query.where).toMatchObject({ kind: 'compare', literal: { kind: 'string', value: text } });
      }),
    );
  });

  it('splits keys so that each is asked for once and no address is too long', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }), { maxLength: 200 }), (keys) => {
        const queries = keyQueries({ ...request, keys });
        const asked = queries.flatMap((query) => [...query.keys]);
        const expected = [...new Set(keys)].filter((key) => key.trim() !== '' && key.length <= 255);
        expect(asked).toEqual(expected);
        for (const { soql, keys: own } of queries) {
          expect(queryPath(soql).length).toBeLessThanOrEqual(8_000);
          expect(soql).toContain([...own].map(literal).join(','));
        }
      }),
    );
  });

  it('asks for 9,000 ordinary keys in few calls', () => {
    const keys = Array.from({ length: 9_000 }, (_, index) => `0f8fad5b-d9cb-469f-a165-${String(index).padStart(12, '0')}`);
    expect(keyQueries({ ...request, keys }).length).toBeLessThanOrEqual(50);
  });

  it('Row 39: accepts only API names as names', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        if (/^[A-Za-z][A-Za-z0-9_]*$/u.test(name)) expect(identifier(name)).toBe(name);
        else expect(() => identifier(name)).toThrow(RangeError);
      }),
    );
    expect(() => identifier('Name FROM User')).toThrow(RangeError);
    expect(() => identifier('Name\n')).toThrow(RangeError);
  });

  it('asks for each field once, Id first', () => {
    expect(fieldList(['Name', 'id', 'name', 'City__c'])).toEqual(['Id', 'Name', 'City__c']);
  });

  it('takes 15 and 18 characters of an id as one, letter case included', () => {
    expect(isSameId('a0P000000000001', 'a0P000000000001AAA')).toBe(true);
    expect(isSameId('a0P00000000000a', 'a0P00000000000AAAA')).toBe(false);
    expect(isSameId('short', 'short')).toBe(true);
    expect(isSameId('short', 'shorter')).toBe(false);
    expect(isSameId(null, 'a0P000000000001')).toBe(false);
  });
});

describe('servers that a token may go to', () => {
  it('are the configured one and hosts of Salesforce over https', () => {
    const login = ['https://login.salesforce.com'];
    expect(trustedOrigin('https://acme.my.salesforce.com/services', login)).toBe('https://acme.my.salesforce.com');
    expect(trustedOrigin('https://acme--dev.sandbox.my.salesforce.com', login)).toBe('https://acme--dev.sandbox.my.salesforce.com');
    expect(trustedOrigin('https://login.salesforce.com', login)).toBe('https://login.salesforce.com');
    expect(trustedOrigin('https://proxy.example:8443/x', ['https://proxy.example:8443'])).toBe('https://proxy.example:8443');
    const refused = ['https://salesforce.com.evil.example', 'https://evilsalesforce.com', 'http://acme.my.salesforce.com', 'https://acme.my.salesforce.com:8443', 'http://127.0.0.1:1', ''];
    for (const address of refused) expect(trustedOrigin(address, login)).toBeNull();
  });
});
