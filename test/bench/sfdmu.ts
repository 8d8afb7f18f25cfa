/** The peer of the push bench: SFDMU, the Salesforce Data Move Utility, from npm. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { peerFolder } from './peer-package.ts';

export type PeerRecord = Readonly<Record<string, string | boolean | null>>;

export interface PeerResult {
  name: string;
  version: string;
  seconds: number;
  /** The most memory that one of its processes had. */
  peakBytes: number | null;
  /** Fields that should have become blank and cannot: its bulk mode sends them as empty cells, which change nothing. */
  notBlanked: number;
}

const version = '3.7.19';
const object = 'Product_Property__c';
const keyField = 'Snappt_Property_ID__c';
/** Its own default: more records go by Bulk API 2.0. */
const bulkThreshold = 200;
const runLimitMs = 1_800_000;

/**
 * Inserts the creates, then updates the updates by Id through SFDMU, each in a process of its own, as it takes one operation per object and run.
 *
 * Shape:  settings are the tool's own but for its prompts and its wait between two looks at a job, 5 s by default and here 1 s. A row of an
 *         update that lacks a column of others gets the org's present value, since the tool would read an empty flag as false.
 * Units:  seconds from the start of the tool to its end, twice; neither installing it nor writing its files counts.
 * Errors: `notRun` says in one line why it could not be installed, or did not do its work.
 */
export async function runPeer(options: {
  url: string;
  accessToken: string;
  creates: readonly PeerRecord[];
  updates: readonly PeerRecord[];
  folder: string;
}): Promise<PeerResult | { notRun: string }> {
  const packageFolder = peerFolder({ name: 'sfdmu', version, size: 'about 330 MB' });
  if (packageFolder === null) return { notRun: `SFDMU ${version} cannot be installed from npm here` };
  const updates = await completed(options.url, options.updates);
  const runs = [
    { operation: 'Insert', externalId: keyField, records: options.creates },
    { operation: 'Update', externalId: 'Id', records: updates },
  ].filter(({ records }) => records.length > 0);
  let seconds = 0;
  let peakBytes = 0;
  for (const { operation, externalId, records } of runs) {
    const folder = join(options.folder, operation.toLowerCase());
    mkdirSync(folder, { recursive: true });
    const columns = columnsOf(records);
    writeFileSync(join(folder, `${object}.csv`), csvOf(columns, records));
    writeFileSync(join(folder, 'export.json'), JSON.stringify(scriptOf(options, { operation, externalId, columns })));
    const run = await runSfdmu(folder, packageFolder);
    const failure = failureOf(run, records.length);
    if (failure !== null) return { notRun: `SFDMU ${version}, ${operation} of ${records.length} records: ${failure}` };
    seconds += run.seconds;
    peakBytes = Math.max(peakBytes, run.peakBytes);
  }
  return { name: 'SFDMU', version, seconds, peakBytes: peakBytes || null, notBlanked: notBlanked(options.updates) };
}

function columnsOf(records: readonly PeerRecord[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

function csvOf(columns: readonly string[], records: readonly PeerRecord[]): string {
  const cell = (value: string | boolean | null | undefined): string => `"${String(value ?? '').replaceAll('"', '""')}"`;
  return [columns.join(','), ...records.map((record) => columns.map((column) => cell(record[column])).join(','))].join('\n');
}

function scriptOf(org: { url: string; accessToken: string }, task: { operation: string; externalId: string; columns: readonly string[] }): Record<string, unknown> {
  const fields = ['Id', ...task.columns.filter((column) => column !== 'Id')];
  return {
    orgs: [{ name: 'org', instanceUrl: org.url, accessToken: org.accessToken }],
    objects: [{ query: `SELECT ${fields.join(', ')} FROM ${object}`, operation: task.operation, externalId: task.externalId }],
    apiVersion: '64.0',
    bulkThreshold,
    pollingIntervalMs: 1_000,
    promptOnUpdateError: false,
    promptOnMissingParentObjects: false,
    promptOnIssuesInCSVFiles: false,
  };
}

/** Fills the columns that an update lacks and others have with what the org holds, over the control endpoint, which counts no calls. */
async function completed(url: string, updates: readonly PeerRecord[]): Promise<readonly PeerRecord[]> {
  const columns = columnsOf(updates);
  if (updates.every((update) => Object.keys(update).length === columns.length)) return updates;
  const wanted = new Set(updates.map(({ Id }) => String(Id).slice(0, 15)));
  const present = new Map<string, PeerRecord>();
  let after: string | null = '';
  while (after !== null) {
    const answer = await fetch(`${url}/_control/records?limit=10000&after=${after}`);
    const page = (await answer.json()) as { records: PeerRecord[]; next: string | null };
    for (const record of page.records) {
      const id = String(record['Id']).slice(0, 15);
      if (wanted.has(id)) present.set(id, Object.fromEntries(columns.map((column) => [column, record[column] ?? null])));
    }
    after = page.next;
  }
  return updates.map((update) => ({ ...present.get(String(update['Id']).slice(0, 15)), ...update }));
}

function notBlanked(updates: readonly PeerRecord[]): number {
  if (updates.length <= bulkThreshold) return 0;
  return updates.reduce((sum, update) => sum + Object.values(update).filter((value) => value === null).length, 0);
}

interface SfdmuRun {
  seconds: number;
  peakBytes: number;
  exitCode: number | null;
  output: string;
}

/** Runs the tool on the files of a folder; its home is that folder, and what else it would take from this machine's settings is left out. */
async function runSfdmu(folder: string, packageFolder: string): Promise<SfdmuRun> {
  const peakFile = join(folder, 'peak');
  const entry = join(import.meta.dirname, 'sfdmu-process.ts');
  const args = [entry, packageFolder, peakFile, 'sfdmu:run', '--sourceusername', 'csvfile', '--targetusername', 'org', '--path', folder, '--noprompt'];
  const kept = Object.entries(process.env).filter(([name]) => !/_proxy$|^sfd?x?_|^node_options$/i.test(name));
  const env = { ...Object.fromEntries(kept), HOME: folder, USERPROFILE: folder };
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: runLimitMs });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const seconds = (performance.now() - began) / 1_000;
  return { seconds, peakBytes: existsSync(peakFile) ? Number(readFileSync(peakFile, 'utf8')) : 0, exitCode, output };
}

/** Why a run did not do all its work, or null. With refused records the tool ends as a success, too, and warns of how many there are. */
function failureOf(run: SfdmuRun, records: number): string | null {
  if (run.exitCode !== 0) return /\[ERROR\] (.*)/u.exec(run.output)?.[1] ?? `it ended with code ${run.exitCode}`;
  const [, processed] = /Processed (\d+) records/u.exec(run.output) ?? [];
  if (Number(processed ?? 0) !== records) return `it took up ${processed ?? 0} of them`;
  const failed = [...run.output.matchAll(/(\d+) records failed/gu)].reduce((most, [, count]) => Math.max(most, Number(count)), 0);
  return failed > 0 ? `${failed} refused` : null;
}
