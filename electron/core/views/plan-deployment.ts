import type { DeployPlan, DeployStep } from '../../../shared/domain/warehouse.ts';
import { addConstraintSql, comparableText, objectDefinitions, setPropertiesSql, type AuditTableDefinition, type ObjectDefinition, type ViewDefinition } from '../../warehouse-views/deploy-statements.ts';
import { throwIfCancelled } from '../app-failure.ts';
import { canonicalJson, sha256 } from '../canonical.ts';
import type { DeployedObject, WarehouseObjects } from '../warehouse-ports.ts';
import { lineDifferences } from './line-differences.ts';
import { constraintLine, deployedShape, expectedShape } from './table-shape.ts';

/**
 * What a deployment would run, in order, for what is deployed now.
 *
 * Shape:  one step for each object, more for the table's constraints and properties. `hash` covers target and statements:
 *         the same plan has the same hash. Nothing is ever dropped: what only dropping would mend is a `blocked` step.
 * Errors: `cancelled`; whatever the warehouse throws.
 */
export async function planDeployment(objects: WarehouseObjects, signal: AbortSignal): Promise<DeployPlan> {
  throwIfCancelled(signal, 'Planning the deployment');
  const { place } = objects;
  const definitions = objectDefinitions(objects.names);
  if (place === null) {
    return planOf(null, definitions.map(({ name }) => keep(name, "The embedded warehouse always runs this version's texts.")));
  }
  const deployed = await objects.deployed(signal);
  return planOf(`${place.catalog}.${place.schema}`, definitions.flatMap((object) => stepsFor(object, deployed.get(object.name))));
}

/** Why an object of another kind stands in the way, and what its owner could do about it. */
export function wrongKind({ kind, qualifiedName }: ObjectDefinition, found: DeployedObject): string {
  return `${qualifiedName} is a ${found.kind} and has to be a ${kind}. Countersign drops nothing. If nobody needs it, its owner can run DROP ${found.kind.toUpperCase()} ${qualifiedName}, and the next deployment makes the ${kind}.`;
}

function planOf(target: string | null, steps: DeployStep[]): DeployPlan {
  const statements = steps.flatMap(({ object, sql }) => (sql === null ? [] : [{ object, sql }]));
  return { target, steps, hash: sha256(canonicalJson({ target, statements })) };
}

function stepsFor(object: ObjectDefinition, found: DeployedObject | undefined): DeployStep[] {
  if (found !== undefined && found.kind !== object.kind) return [{ object: object.name, action: 'blocked', sql: null, reason: wrongKind(object, found) }];
  return object.kind === 'view' ? [viewStep(object, found)] : tableSteps(object, found);
}

function viewStep({ name, text, create }: ViewDefinition, found: DeployedObject | undefined): DeployStep {
  if (found === undefined) return { object: name, action: 'create', sql: create, reason: 'There is no such view yet.' };
  if (found.text === null) return { object: name, action: 'replace', sql: create, reason: 'You may not read its text, so it cannot be compared; it is written again.' };
  const lines = lineDifferences(text, comparableText(found.text)).length;
  if (lines === 0) return keep(name, 'What is deployed is the text of this version.');
  return { object: name, action: 'replace', sql: create, reason: `What is deployed differs from the text of this version in ${lines} ${lines === 1 ? 'line' : 'lines'}.` };
}

function tableSteps(table: AuditTableDefinition, found: DeployedObject | undefined): DeployStep[] {
  const constrain = (sql: string, reason: string): DeployStep => ({ object: table.name, action: 'constrain', sql, reason });
  if (found === undefined) {
    return [
      { object: table.name, action: 'create', sql: table.create, reason: 'There is no such table yet.' },
      ...table.constraints.map((constraint) => constrain(addConstraintSql(table.qualifiedName, constraint), 'A new table takes its constraints one by one.')),
    ];
  }
  const expected = expectedShape(table);
  const there = deployedShape(table, found);
  const columns = lineDifferences(expected.columns.join('\n'), there.columns.join('\n'));
  if (columns.length > 0) {
    const differing = columns.map(({ side, text }) => `${side === 'expected' ? 'expected' : 'found'} ${text}`).join('; ');
    return [{ object: table.name, action: 'blocked', sql: null, reason: `The columns of ${table.qualifiedName} are not those of this version (${differing}). It holds the audit log, so Countersign changes no column of it. Its owner has to, or has to rename it so that a new one can be made.` }];
  }
  const namesThere = new Set(there.constraints.map(({ name }) => name));
  const missing = table.constraints.filter(({ name }) => !namesThere.has(name));
  const properties = Object.fromEntries(Object.entries(table.properties).filter(([name, value]) => there.properties[name] !== value));
  const linesExpected = new Set(expected.constraints.map(constraintLine));
  const foreign = there.constraints.filter((constraint) => !linesExpected.has(constraintLine(constraint)));
  const steps = [
    ...missing.map((constraint) => constrain(addConstraintSql(table.qualifiedName, constraint), 'This constraint is missing.')),
    ...(Object.keys(properties).length > 0 ? [constrain(setPropertiesSql(table.qualifiedName, properties), 'These properties are missing or have another value.')] : []),
  ];
  if (steps.length > 0 && foreign.length === 0) return steps;
  const rest = foreign.map((constraint) => ` ${constraintLine(constraint)} is not of this version; its owner can run ALTER TABLE ${table.qualifiedName} DROP CONSTRAINT ${constraint.name}.`).join('');
  return [keep(table.name, `Its columns are those of this version.${rest}`), ...steps];
}

function keep(object: DeployStep['object'], reason: string): DeployStep {
  return { object, action: 'keep', sql: null, reason };
}
