import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { ViewName } from '../../../shared/domain/warehouse.ts';
import { comparableText, objectDefinitions, type ViewDefinition } from '../../warehouse-views/deploy-statements.ts';
import { AppFailure } from '../app-failure.ts';
import { canonicalJson, sha256 } from '../canonical.ts';
import type { WarehouseObjects } from '../warehouse-ports.ts';
import { lineDifferences } from './line-differences.ts';

/** By which rules the warehouse chooses what is pending. */
export interface RulesState {
  /** Names mapping and texts of the views together; null where a text cannot be read. */
  fingerprint: string | null;
  /** What a person should know: deployed views that are not those of this version, whose rules the Rules screen shows. */
  notices: string[];
}

/**
 * Looks which texts of the views are in force.
 *
 * Shape:  a refresh must not fail for a text that this user may not read: then nothing is known, and that is told.
 * Errors: `cancelled`.
 */
export async function readRulesState(objects: WarehouseObjects, mapping: Mapping, signal: AbortSignal): Promise<RulesState> {
  const views = objectDefinitions(objects.names).filter((object): object is ViewDefinition => object.kind === 'view');
  const nameOf = (texts: readonly string[]): string => sha256(canonicalJson({ mapping, texts }));
  if (objects.place === null) return { fingerprint: nameOf(views.map(({ text }) => text)), notices: [] };
  try {
    const deployed = await objects.deployed(signal, views.map(({ name }) => name));
    const texts = views.map(({ name }) => deployed.get(name)?.text ?? null).filter((text) => text !== null);
    const notices = views.flatMap(({ name, text }) => differenceNotice(name, text, deployed.get(name)?.text ?? null));
    return { fingerprint: texts.length === views.length ? nameOf(texts) : null, notices };
  } catch (error) {
    if (!(error instanceof AppFailure) || error.error.code === 'cancelled') throw error;
    return { fingerprint: null, notices: [`The deployed views could not be compared with this version. ${error.message}`] };
  }
}

function differenceNotice(name: ViewName, text: string, deployed: string | null): string[] {
  const lines = deployed === null ? 0 : lineDifferences(text, comparableText(deployed)).length;
  if (lines === 0) return [];
  return [`${name} as it is deployed differs from this version in ${lines} ${lines === 1 ? 'line' : 'lines'}: its rules chose what is pending now. Look with "countersign views verify".`];
}
