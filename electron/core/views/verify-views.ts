import type { ViewReport, ViewsReport } from '../../../shared/domain/warehouse.ts';
import { comparableText, objectDefinitions, type ObjectDefinition } from '../../warehouse-views/deploy-statements.ts';
import { throwIfCancelled } from '../app-failure.ts';
import type { DeployedObject, WarehouseObjects } from '../warehouse-ports.ts';
import { lineDifferences } from './line-differences.ts';
import { wrongKind } from './plan-deployment.ts';
import { deployedShape, expectedShape, shapeText } from './table-shape.ts';

/**
 * Compares what is deployed with the texts of this version.
 *
 * Shape:  a report on each of the six objects; `ok` when all are the same. A view is compared letter by letter from its first
 *         word to its last, the table by columns, constraints and the properties that keep it append-only.
 * Errors: `cancelled`; whatever the warehouse throws.
 */
export async function verifyViews(objects: WarehouseObjects, signal: AbortSignal): Promise<ViewsReport> {
  throwIfCancelled(signal, 'Verifying the views');
  const { place } = objects;
  const definitions = objectDefinitions(objects.names);
  const deployed = place === null ? null : await objects.deployed(signal);
  const views = definitions.map((object) => (deployed === null ? embeddedReport(object) : reportOn(object, deployed.get(object.name))));
  return { target: place === null ? null : `${place.catalog}.${place.schema}`, ok: views.every(({ state }) => state === 'same'), views };
}

function embeddedReport(object: ObjectDefinition): ViewReport {
  const expected = expectedText(object);
  return { name: object.name, kind: object.kind, state: 'same', expected, deployed: expected, differences: [], detail: "The embedded warehouse always runs this version's texts." };
}

function reportOn(object: ObjectDefinition, found: DeployedObject | undefined): ViewReport {
  const report = { name: object.name, kind: object.kind, expected: expectedText(object), deployed: null, differences: [] };
  if (found === undefined) return { ...report, state: 'missing', detail: `There is no ${object.qualifiedName}. Deploy the views.` };
  if (found.kind !== object.kind) return { ...report, state: 'differs', detail: wrongKind(object, found) };
  const deployed = object.kind === 'table' ? shapeText(deployedShape(object, found)) : found.text === null ? null : comparableText(found.text);
  if (deployed === null) return { ...report, state: 'unreadable', detail: `You may not read the text of ${object.qualifiedName}. Ask its owner to verify it.` };
  const differences = lineDifferences(report.expected, deployed);
  return { ...report, state: differences.length === 0 ? 'same' : 'differs', deployed, differences, detail: null };
}

function expectedText(object: ObjectDefinition): string {
  return object.kind === 'view' ? object.text : shapeText(expectedShape(object));
}
