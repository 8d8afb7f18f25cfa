import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { checkSourceFolder, loadProductPropertyCsv } from '../../adapters/embedded/csv-source.ts';
import { openCache } from '../../adapters/sqlite/cache/open-cache.ts';
import { openLedger } from '../../adapters/sqlite/ledger/open-ledger.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { readConfig, sampleConfig } from '../../core/workspace/read-config.ts';
import type { WorkspaceConfig } from '../../core/workspace/workspace-config.ts';
import { writeSample } from '../../sample/data/write-sample.ts';
import { createOrgFile } from '../../sample/org/org-file.ts';
import { workspaceFiles } from './workspace-folder.ts';

export type InitRequest = { folder: string; from: 'sample'; properties?: number; seed?: string } | { folder: string; from: 'config'; configFile: string };

/**
 * Makes a workspace in a folder that is absent or empty.
 *
 * Errors: `invalid-input` for a folder that holds something or a config that cannot be used, `source-invalid` for a
 *         broken source. A refused init leaves the folder absent or empty; `workspace.json` is written last.
 */
export async function initWorkspace(request: InitRequest): Promise<{ folder: string; config: WorkspaceConfig }> {
  const folder = resolve(request.folder);
  assertFree(folder);
  const config = request.from === 'sample' ? sampleConfig() : readConfig(resolve(request.configFile), basename(folder));
  if (config.warehouse.kind === 'embedded' && config.warehouse.source !== null) checkSourceFolder(config.warehouse.source);
  const isNew = !existsSync(folder);
  const firstMade = mkdirSync(folder, { recursive: true });
  try {
    writeSources(folder, config, request);
    await makeDatabases(folder, config);
    const files = workspaceFiles(folder);
    const draft = `${files.config}.draft`;
    writeFileSync(draft, `${JSON.stringify(config, null, 2)}\n`, { flush: true });
    renameSync(draft, files.config);
  } catch (error) {
    for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });
    if (isNew) removeEmptyFolders(folder, firstMade ?? folder);
    throw error;
  }
  return { folder, config };
}

function assertFree(folder: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (!there) return;
  if (!there.isDirectory()) throw new AppFailure('invalid-input', `${folder} is not a folder.`, { folder });
  if (existsSync(workspaceFiles(folder).config)) {
    throw new AppFailure('invalid-input', `There is already a workspace in ${folder}. Nothing was changed.`, { folder });
  }
  if (readdirSync(folder).length > 0) {
    throw new AppFailure('invalid-input', `${folder} is not empty. Choose a new or an empty folder; nothing was changed.`, { folder });
  }
}

function writeSources(folder: string, config: WorkspaceConfig, request: InitRequest): void {
  const files = workspaceFiles(folder);
  const org = { file: files.org, production: config.org.production };
  if (request.from === 'sample') {
    const seed = request.seed ?? '1';
    writeSample({
      warehouseFile: files.warehouse,
      ...(request.properties === undefined ? {} : { properties: request.properties }),
      seed,
      onOrgRecords: (records) => createOrgFile({ ...org, seed: `sample ${seed} ${request.properties ?? ''}`, records }),
    });
    return;
  }
  if (config.org.kind !== 'simulated') return;
  const source = config.warehouse.kind === 'embedded' ? config.warehouse.source : null;
  createOrgFile({ ...org, seed: config.name, records: source === null ? [] : loadProductPropertyCsv(source) });
}

/** Makes both database files, so that commands that only read find them. */
async function makeDatabases(folder: string, config: WorkspaceConfig): Promise<void> {
  const ledger = await openLedger({ folder, threads: false });
  try {
    const cache = await openCache({ folder, mapping: config.mapping, threads: false });
    await cache.close();
  } finally {
    await ledger.close();
  }
}

function removeEmptyFolders(folder: string, last: string): void {
  try {
    for (let at = folder; at.startsWith(last); at = dirname(at)) rmdirSync(at);
  } catch {
    // Somebody has put a file there meanwhile; a folder that is not empty stays.
  }
}
