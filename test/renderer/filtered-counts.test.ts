import { expect, test } from 'vitest';
import { blockedIn, decidedIn, unapprovedOf } from '../../renderer/screens/review/filtered-counts.ts';
import { createFakeClient } from './fake-client.ts';

const client = createFakeClient({ total: 300 });
const facetsOf = (filter: string) => client.call('pending.facets', { filter });

test('what a filter lets through is counted, though its own terms hide the rest of their group', async () => {
  const { items } = await client.call('pending.page', { filter: '-severity:blocker', limit: 5 });
  await client.call('pending.decide', { selection: { items: items.map(({ key, kind }) => ({ key, kind })) }, decision: 'approve' });
  for (const filter of ['', 'decision:none', '-decision:approve', 'decision:approve decision:none', 'severity:warning', '-severity:blocker', 'severity:blocker']) {
    const facets = await facetsOf(filter);
    const found = (await client.call('pending.page', { filter, limit: 5_000 })).items;
    const of = (decision: string) => found.filter((item) => item.decision === decision).length;
    expect([filter, decidedIn(facets, filter), blockedIn(facets, filter)]).toEqual([filter, { none: of('none'), approve: of('approve'), hold: of('hold'), exclude: of('exclude') }, found.filter((item) => item.blockers > 0).length]);
    expect((await facetsOf(unapprovedOf(filter))).matching).toBe(found.length - of('approve'));
  }
});

test('blockers under terms of both checks and risk are not known', async () => {
  const filter = 'severity:warning risk:p1';
  expect(blockedIn(await facetsOf(filter), filter)).toBeNull();
});
