import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import { planFileEndSchema, planFileHeadSchema, type PlanFileEnd, type PlanFileHead } from '../../../shared/domain/plan-file.ts';
import { planRecordSchema, type PlanRecord } from '../../../shared/domain/plan.ts';
import { AppFailure, throwIfCancelled } from '../app-failure.ts';
import { canonicalJson } from '../canonical.ts';
import type { Ledger } from '../ledger-ports.ts';
import { isSigned } from '../signature.ts';
import { pageSize } from './batch-deps.ts';
import { createPlanHasher } from './plan-hash.ts';

/** How long a line may be; the longest honest one holds the mapping or a record with many contributors. */
const mostLineBytes = 4 * 1024 * 1024;

/** An exported plan that has proved to be whole. */
export interface PlanFile {
  head: PlanFileHead;
  end: PlanFileEnd;
}

/**
 * The lines of an exported plan: head, one line for each record, end; each is canonical JSON.
 *
 * Shape:  the end is signed over all that comes before it; a file without it is not complete.
 * Errors: throws when the stored records are not those of the hash; the file has no end then.
 */
export async function* writePlanFile(ledger: Pick<Ledger, 'planRecords' | 'sign'>, head: PlanFileHead, signal: AbortSignal): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const told = (line: string): string => {
    digest.update(`${line}\n`, 'utf8');
    return line;
  };
  yield told(canonicalJson(head));
  const hasher = createPlanHasher(head.header);
  let after: PendingKey | null = null;
  for (;;) {
    throwIfCancelled(signal, 'The export');
    const records: PlanRecord[] = await ledger.planRecords(head.batch.id, after, pageSize);
    for (const record of records) yield told(hasher.add(record));
    const last = records.at(-1);
    if (last === undefined) break;
    after = { key: last.key, kind: last.kind };
  }
  if (hasher.digest() !== head.hash) throw new Error('The plan changed while it was exported.');
  const sum = digest.digest('hex');
  yield canonicalJson({ kind: 'end', digest: sum, ...(await ledger.sign(signedEnd(sum))) });
}

/**
 * Reads an exported plan and proves that it is what was exported, to the last byte.
 *
 * Shape:  `onRecord` is called for each record, in order; what it was told counts only when this resolves.
 * Errors: `invalid-input` for what is no exported plan; `verification-failed` for one that is not whole, was changed, or
 *         whose hash is not that of its content.
 */
export async function readPlanFile(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, signal: AbortSignal, onRecord: (record: PlanRecord) => void): Promise<PlanFile> {
  const digest = createHash('sha256');
  let head: PlanFileHead | null = null;
  let end: PlanFileEnd | null = null;
  let hasher: ReturnType<typeof createPlanHasher> | null = null;
  const counts = { create: 0, update: 0 };
  for await (const line of linesOf(chunks)) {
    throwIfCancelled(signal, 'Reading the plan');
    if (end !== null) throw damaged('it goes on after its end');
    const text = textOf(line);
    if (head === null || hasher === null) {
      head = readHead(text);
      hasher = createPlanHasher(head.header);
    } else if (kindOf(text) === 'end') {
      end = readLine(planFileEndSchema, text);
      if (end.digest !== digest.digest('hex')) throw damaged('its content is not what was exported');
      continue;
    } else {
      const record = readLine(planRecordSchema, text);
      addInOrder(hasher, record);
      counts[record.kind] += 1;
      onRecord(record);
    }
    digest.update(line).update('\n');
  }
  if (head === null) throw noPlan();
  if (end === null) throw damaged('its end is missing');
  if (hasher?.digest() !== head.hash || counts.create !== head.creates || counts.update !== head.updates) throw damaged('its hash is not that of its content');
  if (!isSigned(end.publicKey, signedEnd(end.digest), end.signature)) throw damaged('its signature does not fit');
  return { head, end };
}

/** What the exporting ledger signs. */
function signedEnd(digest: string): string {
  return canonicalJson({ kind: 'countersign-plan', version: 1, digest });
}

function readHead(text: string): PlanFileHead {
  if (kindOf(text) !== 'countersign-plan') throw noPlan();
  return readLine(planFileHeadSchema, text);
}

/** One value has one spelling, so that nothing can stand in the file that the hash does not cover. */
function readLine<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw damaged('a line cannot be read');
  if (spell(parsed.data) !== text) throw damaged('a line is not in canonical form');
  return parsed.data;
}

/** Null for what has no canonical form, such as half a character. */
function spell(value: unknown): string | null {
  try {
    return canonicalJson(value);
  } catch {
    return null;
  }
}

function kindOf(text: string): unknown {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : null;
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function addInOrder(hasher: ReturnType<typeof createPlanHasher>, record: PlanRecord): void {
  try {
    hasher.add(record);
  } catch {
    throw damaged('its records are out of order');
  }
}

function textOf(line: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    throw damaged('it is not UTF-8');
  }
}

/** Splits at line feeds; the last line must have its own. */
async function* linesOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      yield Buffer.concat([...rest, bytes.subarray(from, at)]);
      rest = [];
      length = 0;
      from = at + 1;
    }
    rest.push(bytes.subarray(from));
    length += bytes.length - from;
    if (length > mostLineBytes) throw damaged('a line is longer than any of a plan');
  }
  if (length > 0) throw damaged('its end is missing');
}

function noPlan(): AppFailure {
  return new AppFailure('invalid-input', 'This is no plan that Countersign has exported. Ask for one made by batch export.');
}

function damaged(why: string): AppFailure {
  return new AppFailure('verification-failed', `The exported plan cannot be trusted: ${why}. It was changed on its way, or is not complete. Nothing was signed. Ask for a new export.`, { why });
}
