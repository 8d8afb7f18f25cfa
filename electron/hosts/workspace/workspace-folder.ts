import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppFailure } from '../../core/app-failure.ts';
import { parseWorkspaceConfig } from '../../core/workspace/read-config.ts';
import type { WorkspaceConfig } from '../../core/workspace/workspace-config.ts';

/** The files of a workspace folder. */
export interface WorkspaceFiles {
  config: string;
  warehouse: string;
  /** The embedded warehouse's copy of the audit log. */
  warehouseAudit: string;
  org: string;
  /** Where the simulated org says how it is reached while it runs. */
  orgAnnouncement: string;
  /** Held while a simulated org is being started. */
  orgStart: string;
  exports: string;
}

export function workspaceFiles(folder: string): WorkspaceFiles {
  return {
    config: join(folder, 'workspace.json'),
    warehouse: join(folder, 'warehouse.db'),
    warehouseAudit: join(folder, 'warehouse-audit.db'),
    org: join(folder, 'org.db'),
    orgAnnouncement: join(folder, 'org.json'),
    orgStart: join(folder, 'org-start.db'),
    exports: join(folder, 'exports'),
  };
}

/** The folder that a command works on. Errors: `invalid-input` when none is named. */
export function chooseWorkspace(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const folder = given ?? env['COUNTERSIGN_WORKSPACE'];
  if (folder === undefined || folder === '') {
    throw new AppFailure('invalid-input', 'No workspace is named: give --workspace DIR or set COUNTERSIGN_WORKSPACE.');
  }
  return resolve(folder);
}

/** Reads the configuration of a workspace. Errors: `not-found` when the folder is none, `workspace-damaged`. */
export function readWorkspaceConfig(folder: string): WorkspaceConfig {
  const file = workspaceFiles(folder).config;
  if (!existsSync(file)) {
    throw new AppFailure('not-found', `${folder} is not a workspace: it has no workspace.json. Make one with "countersign init".`, { folder });
  }
  return parseWorkspaceConfig(readFileSync(file, 'utf8'));
}
