import type { CallOutput } from '../../../shared/contract.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import type { WhatIfRecord } from '../../../shared/domain/what-if.ts';
import { csvCell } from '../csv-cell.ts';
import { openExportFile } from '../export-file.ts';
import type { RuleTrial } from '../warehouse-ports.ts';
import type { WhatIfDeps } from './what-if-handlers.ts';

/** Which comparison is exported. */
export interface ExportedComparison {
  id: string;
  view: string;
  snapshotId: string;
}

const pageSize = 2_000;
const header = ['state', 'kind', 'key', 'name', 'field', 'label', 'salesforce_now', 'plan_a', 'plan_b'];

/**
 * Writes every record of a comparison that differs to a CSV file that the person chooses, a line for each field.
 *
 * Shape:  the event is written first, as of every export. A blank value is an empty cell; what is not known or not there says so in words.
 * Errors: `not-found` when the comparison is no longer kept; `cancelled` when no file is chosen, `invalid-input` when it cannot be written to.
 */
export async function exportComparison(deps: WhatIfDeps, { id, view, snapshotId }: ExportedComparison, actor: string): Promise<CallOutput<'whatIf.export'>> {
  const { total: records } = await deps.ruleTrial.records({ id, limit: 1 });
  const target = await openExportFile(deps, 'comparison of rules.csv');
  try {
    await deps.ledger.commit({ events: [{ type: 'comparison.exported', actor, batchId: null, runId: null, keys: [], data: { view, snapshotId, records } }], writes: [] });
    await target.write(lines(deps.ruleTrial, id));
    return { file: target.file, records };
  } finally {
    target.close();
  }
}

async function* lines(trial: RuleTrial, id: string): AsyncGenerator<string> {
  yield header.join(',');
  let after: string | undefined;
  do {
    const page = await trial.records({ id, limit: pageSize, after });
    for (const record of page.items) yield* recordLines(record);
    after = page.next ?? undefined;
  } while (after !== undefined);
}

function* recordLines(record: WhatIfRecord): Generator<string> {
  const head = [record.state, record.kind, record.key, record.name];
  const cell = (isThere: boolean, otherwise: string, value: FieldValue): string => csvCell(isThere ? textOf(value) : otherwise);
  const fields = record.fields.length === 0 ? [{ field: '', label: '', before: null, a: null, b: null }] : record.fields;
  for (const { field, label, before, a, b } of fields) {
    yield [...[...head, field, label].map(csvCell), cell(record.isBeforeKnown, 'not known', before), cell(record.inA, 'not in plan A', a), cell(record.inB, 'not in plan B', b)].join(',');
  }
}

function textOf(value: FieldValue): string | null {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return value === null ? null : String(value);
}
