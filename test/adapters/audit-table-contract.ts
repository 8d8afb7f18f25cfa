import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditLogRow, AuditTable } from '../../electron/core/warehouse-ports.ts';

export interface AuditTableUnderTest {
  table: AuditTable;
  /** Every row that is there, in any order. */
  rows(): Promise<AuditLogRow[]>;
  close(): Promise<void>;
}

const { signal } = new AbortController();
const hashOf = (text: string): string => Buffer.from(text).toString('hex').padStart(64, '0').slice(-64);

/** Texts that quoting, escaping or typing may spoil. */
export const uglyTexts: readonly string[] = [
  `O'Neil "quoted" \\ back\\\\slash`, 'line\nbreak\r\nand\ttab', '😀 e\u0301 \u00e9 \u202e \u2028 \u0001', `'); DROP TABLE x; --`, ':rows ${x} {{y}} %s ?', '007', '1e5', 'null', 'true', ' blank ends ',
];

let count = 0;

/** A row of an event, or of an anchor, that differs from every other. */
export function aRow(change: Partial<AuditLogRow> = {}): AuditLogRow {
  count += 1;
  return {
    event_id: `event-${count}`, workspace_id: 'w', sequence: count, occurred_at: '2026-11-26T12:00:00.000Z', event_kind: 'snapshot.loaded', actor: 'ann', record_key: null, batch_id: null, run_id: null,
    salesforce_id: null, outcome: null, previous_hash: hashOf(`before ${count}`), event_hash: hashOf(`hash ${count}`), payload: JSON.stringify({ count }), ...change,
  };
}

const anAnchor = (change: Partial<AuditLogRow>): AuditLogRow => aRow({ event_kind: 'audit.anchor', ...change });

/** Runs the cases that every adapter of the AuditTable port must pass, on a table that is empty at first. */
export function auditTableContract(name: string, open: () => Promise<AuditTableUnderTest>): void {
  describe(`${name} keeps the contract of an audit table`, () => {
    let under: AuditTableUnderTest;
    const rowsOf = async (workspace: string): Promise<AuditLogRow[]> => (await under.rows()).filter(({ workspace_id }) => workspace_id === workspace).toSorted((one, other) => one.sequence - other.sequence);

    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    it('says where it is, and that nothing is there yet', async () => {
      expect(under.table.place).not.toBe('');
      expect(await under.table.evidence('w', signal)).toEqual({ events: 0, last: null, forks: [], anchor: null });
      expect(await under.table.present(['event-1'], signal)).toEqual(new Set());
    });

    it('keeps 500 rows as they were given, and adds none of them again', async () => {
      const rows = Array.from({ length: 500 }, (_, place) => aRow({ workspace_id: 'many', sequence: place + 1 }));
      await under.table.append(rows, signal);
      await under.table.append(rows.slice(100, 300), signal);
      expect(await rowsOf('many')).toEqual(rows);
      expect(await under.table.evidence('many', signal)).toMatchObject({ events: 500, last: { seq: 500, hash: rows.at(-1)?.event_hash } });
    });

    it('adds what is new of a call and leaves what is there as it is', async () => {
      const [old, fresh] = [aRow({ workspace_id: 'mixed', sequence: 1 }), aRow({ workspace_id: 'mixed', sequence: 2 })];
      await under.table.append([old], signal);
      await under.table.append([{ ...old, actor: 'eve' }, fresh], signal);
      expect(await rowsOf('mixed')).toEqual([old, fresh]);
    });

    it('adds an id that stands twice in one call once: the first', async () => {
      const row = aRow({ workspace_id: 'twice' });
      await under.table.append([row, { ...row, actor: 'eve' }], signal);
      expect(await rowsOf('twice')).toEqual([row]);
    });

    it('adds nothing of a call of which one row cannot be stored', async () => {
      const rows = [aRow({ workspace_id: 'none', sequence: 1 }), aRow({ workspace_id: 'none', sequence: 'two' as unknown as number })];
      await expect(under.table.append(rows, signal)).rejects.toThrow();
      expect(await rowsOf('none')).toEqual([]);
    });

    it('keeps ugly texts, NULLs and the largest sequences exactly', async () => {
      const rows = uglyTexts.map((text, place) => aRow({ workspace_id: 'ugly', sequence: Number.MAX_SAFE_INTEGER - place, actor: text, record_key: text, outcome: place % 2 === 0 ? null : 'succeeded', payload: JSON.stringify({ [text]: text }) }));
      await under.table.append(rows, signal);
      expect(await rowsOf('ugly')).toEqual(rows.toReversed());
      expect(await under.table.evidence('ugly', signal)).toMatchObject({ events: rows.length, last: { seq: Number.MAX_SAFE_INTEGER } });
    });

    it('says which of some ids are there', async () => {
      const rows = uglyTexts.map((text) => aRow({ workspace_id: 'present', event_id: text }));
      await under.table.append(rows.slice(0, 5), signal);
      expect(await under.table.present([...uglyTexts, ...uglyTexts, 'nobody'], signal)).toEqual(new Set(uglyTexts.slice(0, 5)));
      expect(await under.table.present([], signal)).toEqual(new Set());
    });

    it('tells of each workspace by itself: events, the last one, forks, and the newest anchor', async () => {
      const own = (sequence: number, change: Partial<AuditLogRow> = {}) => aRow({ workspace_id: 'told', sequence, ...change });
      const newest = anAnchor({ workspace_id: 'told', sequence: 3, occurred_at: '2026-11-26T13:00:00.000Z', payload: '{"an":"chor"}' });
      await under.table.append([
        own(1), own(2), own(2), own(3), own(3, { event_hash: hashOf('same') }), own(4, { event_hash: hashOf('last') }),
        anAnchor({ workspace_id: 'told', sequence: 3 }), newest, anAnchor({ workspace_id: 'told', sequence: 1, occurred_at: '2026-11-26T14:00:00.000Z' }),
        aRow({ workspace_id: 'other', sequence: 9 }), anAnchor({ workspace_id: 'other', sequence: 9 }),
      ], signal);
      expect(await under.table.evidence('told', signal)).toEqual({
        events: 6, last: { seq: 4, hash: hashOf('last') }, forks: [2, 3],
        anchor: { seq: 3, head: newest.previous_hash, at: newest.occurred_at, payload: newest.payload },
      });
      expect(await under.table.evidence('other', signal)).toMatchObject({ events: 1, last: { seq: 9 }, forks: [] });
    });

    it('names 20 forks at most', async () => {
      await under.table.append(Array.from({ length: 60 }, (_, place) => aRow({ workspace_id: 'forked', sequence: 1 + (place % 30) })), signal);
      expect((await under.table.evidence('forked', signal)).forks).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
    });

    it('does nothing for a caller who has given up', async () => {
      const gone = AbortSignal.abort();
      await expect(under.table.append([aRow({ workspace_id: 'gone' })], gone)).rejects.toMatchObject({ error: { code: 'cancelled' } });
      await expect(under.table.evidence('gone', gone)).rejects.toMatchObject({ error: { code: 'cancelled' } });
      expect(await rowsOf('gone')).toEqual([]);
    });
  });
}
