import { createOrgRecordStore, type OrgRecordStore } from './org-record-store.ts';

/** Entry of the thread that keeps the org's records while a snapshot is filled. */
export function createStore(): OrgRecordStore {
  return createOrgRecordStore();
}
