/** What an outsider sees of a simulated org, read past Salesforce's own paths. */
export type OrgDump = Map<string, Record<string, unknown>>;

/** Every live record of the org by its external id. */
export async function dumpOrg(url: string): Promise<OrgDump> {
  const records: OrgDump = new Map();
  let after = '';
  for (;;) {
    const answer = await fetch(`${url}/_control/records?limit=2000&after=${encodeURIComponent(after)}`);
    const page = (await answer.json()) as { records: Record<string, unknown>[] };
    for (const record of page.records) records.set(String(record['Snappt_Property_ID__c']), record);
    const last = page.records.at(-1);
    if (!last) return records;
    after = String(last['Id']);
  }
}

/** How many records each operation of ours has touched, by the org's own journal; a record touched twice counts twice. */
export async function effectsOf(url: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let after = 0;
  for (;;) {
    const answer = await fetch(`${url}/_control/journal?after=${after}&limit=1000`);
    const page = (await answer.json()) as { entries: { seq: number; operation: string }[] };
    for (const { operation } of page.entries) counts[operation] = (counts[operation] ?? 0) + 1;
    const last = page.entries.at(-1);
    if (!last) return counts;
    after = last.seq;
  }
}

/** Compares as Salesforce does: an unset checkbox is FALSE, date/time values by instant. */
function comparable(field: string, value: unknown): unknown {
  if (field.endsWith('_Enabled__c')) return value === true;
  if (value === null || value === undefined) return null;
  return field.endsWith('_Enabled_At__c') ? new Date(String(value).replace(/\+0000$/u, 'Z')).toISOString() : value;
}

/** The fields that do not hold in the org what they should. */
export function differences(key: string, wanted: Readonly<Record<string, unknown>>, org: OrgDump): string[] {
  return Object.entries(wanted)
    .filter(([field, value]) => comparable(field, org.get(key)?.[field]) !== comparable(field, value))
    .map(([field]) => `${key} ${field}`);
}
