import type { PendingDetail, Property } from '../../../shared/domain/pending-change.ts';
import type { Client } from '../../../shared/transport.ts';

const members = 50;
const winner = 'member-31';

function memberOf(primary: Property, number: number): Property {
  return { ...primary, id: `member-${number}`, name: `Building ${number}`, isPrimary: false, productionId: null, values: { ...primary.values, address: `${number} Other Street`, bank_linking_enabled: number === 31 } };
}

/** The record with fifty properties, of which the last but a few turns bank linking on. */
function enlarged(detail: PendingDetail): PendingDetail {
  const [primary] = detail.contributors;
  if (!primary) return detail;
  const others = Array.from({ length: members - detail.contributors.length - detail.ignored.length }, (_, index) => memberOf(primary, index + 1));
  return {
    ...detail,
    contributors: [{ ...primary, values: { ...primary.values, bank_linking_enabled: false } }, ...others],
    memberCount: members,
    contributorCount: others.length + 1,
    fields: detail.fields.map((field) => (field.field === 'Bank_Linking_Enabled__c' ? { ...field, winner } : field)),
    risk: 'conflict',
    outlierReasons: [
      { reason: 'large-group', check: null, count: 3 },
      { reason: 'check', check: 'feature-on-disabled-property', count: 1 },
    ],
  };
}

/** A client whose every record has fifty properties that disagree. */
export function withLargeGroup(client: Client): Client {
  return {
    ...client,
    call: async (name, ...rest) => {
      const output: unknown = await client.call(name, ...rest);
      return (name === 'pending.show' ? enlarged(output as PendingDetail) : output) as never;
    },
  };
}
