import { orgContract } from './org-contract.ts';
import { startOrgServer } from './simulated-org.ts';

orgContract('jsforce against the simulated org', async () => {
  const server = await startOrgServer({ seedRecords: 1000, org: { pageSize: 200 } });
  return { org: server.open(server.connect.password), orgId: server.simulated.orgId, records: 900, close: server.close };
});
