import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, roughly in that order: one that starts last keeps one processor busy while the others have nothing to do. */
const heaviest = [
  'test/renderer/accessibility.test.ts',
  'test/adapters/databricks/faults.test.ts',
  'test/adapters/databricks/same-snapshots.test.ts',
  'test/renderer/review-views.test.ts',
  'test/journeys/ui-review-views.test.ts',
  'test/adapters/embedded/rule-trial/compare-rules.test.ts',
  'test/journeys/cli-job.test.ts',
  'test/journeys/ui-review-records.test.ts',
  'test/hosts/cli/cli-job.test.ts',
  'test/journeys/ui-review-progress.test.ts',
  'test/renderer/what-if.test.ts',
  'test/renderer/warehouse.test.ts',
  'test/faults/disk/disk.test.ts',
  'test/renderer/inspector-evidence.test.ts',
  'test/renderer/review-keys.test.ts',
  'test/faults/table/large-set.test.ts',
  'test/journeys/databricks.test.ts',
  'test/journeys/ui-push.test.ts',
];

/** Starts the heaviest files first, the others as ever: by how long they took last time, on a fresh copy by their size. */
export class HeaviestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = heaviest.indexOf(relative(this.ctx.config.root, moduleId).replaceAll('\\', '/'));
      return place === -1 ? heaviest.length : place;
    };
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
