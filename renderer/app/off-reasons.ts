import type { AppInfo } from '../../shared/contract.ts';

/** Why nothing can be changed here; null where it can. */
export function readOnlyReason(info: AppInfo | undefined): string | null {
  return info?.readOnly === true ? 'Read only: this Countersign cannot change anything.' : null;
}

/** Whether this machine has no network although the warehouse or the org of the workspace is behind one. */
export function isCutOff(info: AppInfo | undefined, isOnline: boolean): boolean {
  return info !== undefined && !isOnline && (info.warehouse.kind === 'databricks' || (info.org !== null && info.org.environment !== 'simulated'));
}

/** Why no snapshot can be taken from here, which asks the warehouse and the org; null where it can be tried. */
export function cutOffReason(info: AppInfo | undefined, isOnline: boolean): string | null {
  return isCutOff(info, isOnline) ? 'Offline: a refresh waits until this machine has a network.' : null;
}

/** Why the warehouse cannot be reached from here; null where it can be tried. An embedded one needs no network. */
export function offlineReason(info: AppInfo | undefined, isOnline: boolean): string | null {
  return info?.warehouse.kind === 'databricks' && !isOnline ? 'Offline: the warehouse cannot be reached until this machine has a network.' : null;
}
