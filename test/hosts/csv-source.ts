import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const features = ['identity_verification', 'bank_linking', 'payroll_linking', 'income_verification', 'fraud_detection'];
const mirrorColumns = ['id', 'snappt_property_id_c', 'sf_property_id_c', 'name', 'address', 'city', 'state', 'zip', 'company_id', 'company_name', ...features.flatMap((code) => [`${code}_enabled_c`, `${code}_enabled_at_c`]), 'is_deleted', 'last_modified_date', 'system_modstamp'];

export interface CsvSource {
  /** Temporary folder of its own, removed by `remove`. */
  root: string;
  folder: string;
  config: string;
  write(file: string, text: string): void;
  read(file: string): string;
  remove(): void;
}

/** A small source: two updates (one is Park Kennedy with a DISABLED twin), one P1 create, one plain create, one unchanged. */
export function csvSource(config: Record<string, unknown> = {}): CsvSource {
  const root = mkdtempSync(join(tmpdir(), 'countersign-hosts-'));
  const folder = join(root, 'export');
  mkdirSync(folder);
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  const park = 'a01000000000001AAA';
  write(
    'properties.csv',
    `id,name,address,city,state,zip,company_id,company_name,status,sfdc_id,created_at,updated_at
p1,Park Kennedy,1245 Kennedy Street,Dallas,TX,75201,c1,Kennedy Partners,ACTIVE,${park},2024-01-01,2026-01-02
p2,Park Kennedy,1245 Kennedy St,Dallas,TX,75201,c1,Kennedy Partners,DISABLED,${park},2024-01-01,2026-02-02
p3,Oak Court,1 Oak Court,Austin,TX,78701,c1,Kennedy Partners,ACTIVE,,2024-01-01,2026-01-02
p4,Elm House,2 Elm Road,Austin,TX,78701,c2,Elm Living,ACTIVE,,2024-01-01,2026-01-02
p5,Bay View,3 Bay Road,Boston,MA,02101,c2,Elm Living,ACTIVE,,2024-01-01,2026-01-02
p6,Same Place,4 Same Road,Boston,MA,02101,c2,Elm Living,ACTIVE,,2024-01-01,2026-01-02
`,
  );
  write(
    'property_features.csv',
    `property_id,feature_code,enabled,enabled_at,updated_at
p1,identity_verification,true,2025-03-14 15:30:12,2026-01-01
p2,fraud_detection,true,2025-01-01,2026-01-01
p3,bank_linking,t,2025-04-02,2026-01-01
`,
  );
  const mirrorRow = (values: Record<string, string>): string => mirrorColumns.map((column) => values[column] ?? '').join(',');
  write(
    'product_property.csv',
    `${mirrorColumns.join(',')}
${mirrorRow({ id: 'a0P000000000001AAA', snappt_property_id_c: 'p1', sf_property_id_c: park, name: 'Park Kennedy', address: '1245 Kennedy St', city: 'Dallas', state: 'TX', zip: '75201', company_id: 'c1', company_name: 'Kennedy Partners' })}
${mirrorRow({ id: 'a0P000000000002AAA', snappt_property_id_c: 'p5', name: 'Bay View Old', address: '3 Bay Road', city: 'Boston', state: 'MA', zip: '02101', company_id: 'c2', company_name: 'Elm Living' })}
${mirrorRow({ id: 'a0P000000000003AAA', snappt_property_id_c: 'p6', name: 'Same Place', address: '4 Same Road', city: 'Boston', state: 'MA', zip: '02101', company_id: 'c2', company_name: 'Elm Living' })}
`,
  );
  const configFile = join(root, 'config.json');
  writeFileSync(configFile, JSON.stringify({ name: 'Trial', warehouse: { kind: 'embedded', source: './export' }, org: { kind: 'simulated' }, ...config }));
  return { root, folder, config: configFile, write, read: (file) => readFileSync(join(folder, file), 'utf8'), remove: () => rmSync(root, { recursive: true, force: true }) };
}
