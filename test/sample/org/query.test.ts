import { afterAll, beforeAll, expect, test } from 'vitest';
import { base, orgUnderTest, seedRecord, seedRecords, type Json, type OrgUnderTest } from './independent-client.ts';

let t: OrgUnderTest;
beforeAll(async () => {
  const special = [
    seedRecord({ Id: 'a0P900000000001', Name: "O'Hara's 100% \\ Lofts", Snappt_Property_ID__c: 'Key-A', City__c: null }),
    seedRecord({ Id: 'a0P900000000002', Name: 'Deleted', Snappt_Property_ID__c: 'key-a', IsDeleted: true }),
    seedRecord({ Id: 'a0P900000000003', Name: '  spaced  ', Snappt_Property_ID__c: 'key-b', City__c: '' }),
  ];
  t = await orgUnderTest([...seedRecords(450), ...special], { pageSize: 200 });
});
afterAll(() => t.close());

const names = async (soql: string): Promise<string[]> => (await t.query(soql)).json.records.map((record: Json) => record.Name);
const total = async (where: string): Promise<number> =>
  (await t.query(`SELECT COUNT() FROM Product_Property__c WHERE ${where}`)).json.totalSize;

async function allPages(soql: string): Promise<Json[]> {
  let page = (await t.query(soql)).json;
  const records = [...page.records];
  while (!page.done) {
    page = (await t.call('GET', page.nextRecordsUrl)).json;
    records.push(...page.records);
  }
  expect(records).toHaveLength(page.totalSize);
  return records;
}

test('A record is answered with its attributes, nulls and values as Salesforce writes them', async () => {
  const answer = await t.query("SELECT Id, Name, Identity_Verification_Enabled__c, Identity_Verification_Enabled_At__c, SF_Property_ID__c FROM Product_Property__c WHERE Snappt_Property_ID__c = 'prop-1'");
  expect(answer.json).toEqual({
    totalSize: 1,
    done: true,
    records: [
      {
        attributes: { type: 'Product_Property__c', url: `${base}/sobjects/Product_Property__c/a0P000000000001` },
        Id: 'a0P000000000001',
        Name: 'Property 00001',
        Identity_Verification_Enabled__c: true,
        Identity_Verification_Enabled_At__c: '2025-03-01T10:20:30.000+0000',
        SF_Property_ID__c: null,
      },
    ],
  });
  expect(answer.headers.get('sforce-limit-info')).toMatch(/^api-usage=\d+\/100000$/);
});

test('Paging by Id and by another order gives every record once, and a page may be asked for again', async () => {
  const byId = await allPages('SELECT Id FROM Product_Property__c');
  expect(byId).toHaveLength(452);
  expect(byId.map((record) => record.Id)).toEqual(byId.map((record) => record.Id).toSorted());
  const byCity = await allPages('SELECT Id, City__c, Name FROM Product_Property__c ORDER BY City__c DESC NULLS LAST, Name LIMIT 430 OFFSET 10');
  expect(new Set(byCity.map((record) => record.Id)).size).toBe(430);
  expect(byCity[0]).toMatchObject({ City__c: 'Boston', Name: 'Property 00022' });
  const first = (await t.query('SELECT Id FROM Product_Property__c')).json;
  const [once, again] = [await t.call('GET', first.nextRecordsUrl), await t.call('GET', first.nextRecordsUrl)];
  expect(once.json).toEqual(again.json);
  expect((await t.call('GET', `${base}/query/01g000000000000AAA-200`)).json[0].errorCode).toBe('INVALID_QUERY_LOCATOR');
});

test('Text is compared without letter case, except in the case-sensitive key', async () => {
  expect(await total("City__c = 'AUSTIN' AND Name LIKE 'property 0000%'")).toBe(5);
  expect(await total("Snappt_Property_ID__c = 'PROP-1'")).toBe(0);
  expect(await total("Snappt_Property_ID__c IN ('Key-A', 'KEY-B', 'prop-2')")).toBe(2);
  expect(await total("Snappt_Property_ID__c LIKE 'key-%'")).toBe(1);
  expect(await total("Snappt_Property_ID__c LIKE 'Key_A'")).toBe(1);
});

test('Escapes in literals are read, and in LIKE an escaped % is itself', async () => {
  expect(await names("SELECT Name FROM Product_Property__c WHERE Name = 'O\\'Hara\\'s 100% \\\\ Lofts'")).toHaveLength(1);
  expect(await total("Name LIKE '%100\\% %'")).toBe(1);
  expect(await total("Name LIKE '%\\\\%'")).toBe(1);
});

test('Null compares like Salesforce has it: != and NOT IN find blanks, a blank text is null', async () => {
  expect(await total('SF_Property_ID__c = null')).toBe(452);
  expect(await total("City__c != 'Austin'")).toBe(227);
  expect(await total("City__c NOT IN ('Austin', 'Boston')")).toBe(2);
  expect(await total("NOT (City__c = 'Austin')")).toBe(227);
  expect(await total('City__c = null OR City__c IN (null)')).toBe(1);
});

test('Ids match in both spellings, and by order', async () => {
  const long = (await t.query("SELECT Id FROM Product_Property__c WHERE Id = 'a0P000000000007EAA'")).json;
  expect(long.records[0].Id).toBe('a0P000000000007');
  expect(await total("Id IN ('a0P000000000007', 'a0P000000000008EAA')")).toBe(2);
  const after = await t.query("SELECT Id FROM Product_Property__c WHERE Id > 'a0P000000000448' ORDER BY Id LIMIT 3");
  expect(after.json.records.map((record: Json) => record.Id)).toEqual(['a0P000000000449', 'a0P000000000450', 'a0P900000000001']);
});

test('Dates, numbers, checkboxes and brackets compare by their types', async () => {
  expect(await total('SystemModstamp > 2025-12-31T23:59:59Z AND SystemModstamp <= 2026-01-01T01:00:00+01:00')).toBe(452);
  expect(await total('SystemModstamp > 2026-01-01T00:00:00.500Z')).toBe(0);
  expect(await total("Identity_Verification_Enabled__c = true AND (Name = 'Property 00001' OR Name = 'Property 00002')")).toBe(2);
});

test('Aggregates and FIELDS answer in their own forms', async () => {
  expect((await t.query('SELECT COUNT() FROM Product_Property__c')).json).toEqual({ totalSize: 452, done: true, records: [] });
  const counted = await t.query('SELECT COUNT(Id) total, MIN(Name) FROM Product_Property__c');
  expect(counted.json.records).toEqual([{ attributes: { type: 'AggregateResult' }, total: 452, expr1: '  spaced  ' }]);
  const all = await t.query('SELECT FIELDS(ALL) FROM Product_Property__c LIMIT 1');
  expect(Object.keys(all.json.records[0])).toHaveLength(28);
  expect((await t.query('SELECT FIELDS(ALL) FROM Product_Property__c')).json[0].errorCode).toBe('MALFORMED_QUERY');
});

test('queryAll also finds what is in the recycle bin', async () => {
  const soql = encodeURIComponent("SELECT Name, IsDeleted FROM Product_Property__c WHERE Snappt_Property_ID__c = 'key-a'");
  expect((await t.call('GET', `${base}/query?q=${soql}`)).json.totalSize).toBe(0);
  expect((await t.call('GET', `${base}/queryAll?q=${soql}`)).json.records[0]).toMatchObject({ Name: 'Deleted', IsDeleted: true });
});

test.each([
  ['SELECT Nope__c FROM Product_Property__c', 'INVALID_FIELD'],
  ['SELECT Id FROM Nothing__c', 'INVALID_TYPE'],
  ['SELECT Id FROM Product_Property__c WHERE', 'MALFORMED_QUERY'],
  ["SELECT Id FROM Product_Property__c WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", 'MALFORMED_QUERY'],
  ['SELECT Id FROM Product_Property__c WHERE Name = 5', 'INVALID_FIELD'],
  ["SELECT Id FROM Product_Property__c WHERE SystemModstamp > '2026-01-01T00:00:00Z'", 'INVALID_FIELD'],
  ["SELECT Id FROM Product_Property__c WHERE Name = 'open", 'MALFORMED_QUERY'],
  ['SELECT Owner.Name FROM Product_Property__c', 'INVALID_FIELD'],
  ['SELECT Id, Id FROM Product_Property__c', 'INVALID_FIELD'],
  ['SELECT Id FROM Product_Property__c OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE'],
])('%s is refused with %s', async (soql, errorCode) => {
  const answer = await t.query(soql);
  expect([answer.status, answer.json[0].errorCode]).toEqual([400, errorCode]);
});

test('The batch size header makes pages smaller, never under 200', async () => {
  const soql = encodeURIComponent('SELECT Id FROM Product_Property__c');
  const answer = await t.call('GET', `${base}/query/?q=${soql}`, undefined, { 'sforce-query-options': 'batchSize=50' });
  expect(answer.json.records).toHaveLength(200);
});

test('Objects that only other clients ask for can be read', async () => {
  const org = await t.query('SELECT Id, Name, IsSandbox, OrganizationType, InstanceName, NamespacePrefix FROM Organization');
  expect(org.json.records[0]).toMatchObject({ Id: t.org.orgId, Name: 'Sample Org', IsSandbox: true, NamespacePrefix: null });
  expect((await t.query('SELECT Id FROM ScratchOrgInfo')).json.totalSize).toBe(0);
  const user = (await t.query(`SELECT Id, Name FROM User WHERE Username = '${t.org.credentials.username}'`)).json.records[0];
  const row = await t.call('GET', `/services/data/v51.0/sobjects/User/${user.Id}`);
  expect(row.json.Username).toBe(t.org.credentials.username);
});
