/** `node prepare-views.ts WORKSPACE FOLDER ORG`: builds the views of a sample workspace and writes their rows into FOLDER. */
import { join } from 'node:path';
import { embeddedWarehouse } from '../../electron/adapters/embedded/embedded-warehouse.ts';
import { jsforceOrg } from '../../electron/adapters/salesforce/jsforce-org.ts';
import { mirrorOrg } from '../../electron/hosts/workspace/org-mirror.ts';
import type { OrgAddress } from './org-process.ts';
import { writeViewFiles } from './view-files.ts';

const [workspace = '', folder = '', address = ''] = process.argv.slice(2);
const { url, ...credentials } = JSON.parse(address) as OrgAddress;
const org = jsforceOrg({ connection: { loginUrl: url, ...credentials }, apiVersion: '64.0' });
const warehouse = embeddedWarehouse({ file: join(workspace, 'warehouse.db'), mirror: (signal) => mirrorOrg(org, signal) });
await writeViewFiles(warehouse, folder);
await warehouse.close();
await org.close();
