import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WarehouseView } from '../../electron/core/ports.ts';
import { randomSource } from './random-source.ts';
import { expectedOf, type Expected } from './reference.ts';
import { runViews } from './view-fixture.ts';

/** Every row counts, also one that is there twice. */
const sorted = (rows: readonly Expected[]): string[] => rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted();

describe('the views', () => {
  it('agree with the rules written down a second time, on sources with every ugly case', () => {
    fc.assert(
      fc.property(randomSource, (tables) => {
        const views = runViews(tables);
        const expected = expectedOf(tables);
        expect(sorted(views.properties_to_create)).toEqual(sorted(expected.creates));
        expect(sorted(views.properties_to_update)).toEqual(sorted(expected.updates));
        const blocked = views.sync_monitoring_dashboard.find((row) => row['metric'] === 'blocked_properties');
        expect(blocked?.['value']).toBe(expected.blocked.length);
      }),
      { numRuns: 150 },
    );
  });

  it('give the same whatever the order of the rows', () => {
    fc.assert(
      fc.property(randomSource, (tables) => {
        const reversed = {
          ...tables,
          properties: tables.properties?.toReversed() ?? [],
          features: tables.features?.toReversed() ?? [],
          staging: tables.staging?.toReversed() ?? [],
        };
        const again = runViews(reversed);
        for (const [view, rows] of Object.entries(runViews(tables))) expect(sorted(again[view as WarehouseView])).toEqual(sorted(rows));
      }),
      { numRuns: 40 },
    );
  });
});
