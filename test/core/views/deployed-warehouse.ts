import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import { viewNames, type ViewName } from '../../../shared/domain/warehouse.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { DeployedObject, WarehouseObjects } from '../../../electron/core/warehouse-ports.ts';

export const names: Readonly<Record<string, string>> = {
  properties: 'rds.pg_rds_public.properties',
  property_features: 'rds.pg_rds_public.property_features',
  product_property: 'crm.sfdc_dbx.product_property',
  ...Object.fromEntries(viewNames.map((name) => [name, `crm.sfdc_dbx.${name}`])),
};

/** A warehouse without SQL: it understands the statements of a deployment and remembers what they leave behind. */
export interface DeployedWarehouse extends WarehouseObjects {
  readonly there: Map<ViewName, DeployedObject>;
  readonly ran: string[];
  /** Called before each statement; may throw. */
  before: (sql: string, number: number) => void;
}

export function deployedWarehouse(place: WarehouseObjects['place'] = { catalog: 'crm', schema: 'sfdc_dbx' }): DeployedWarehouse {
  const there = new Map<ViewName, DeployedObject>();
  const ran: string[] = [];
  const warehouse: DeployedWarehouse = {
    place,
    names: place === null ? Object.fromEntries(Object.keys(names).map((name) => [name, name])) : names,
    there,
    ran,
    before: () => {},
    deployed: async () => new Map(there),
    async execute(sql) {
      warehouse.before(sql, ran.length + 1);
      ran.push(sql);
      const [, name, change] = /^(?:CREATE OR REPLACE VIEW|CREATE TABLE IF NOT EXISTS|ALTER TABLE) crm\.sfdc_dbx\.(\w+)\s+([^]+)$/u.exec(sql) ?? [];
      const object = viewNames.find((known) => known === name);
      if (object === undefined || change === undefined) throw new Error(`Not a statement of a deployment: ${sql}`);
      there.set(object, changed(sql, change, there.get(object)));
    },
  };
  return warehouse;
}

function changed(sql: string, change: string, before: DeployedObject | undefined): DeployedObject {
  if (sql.startsWith('CREATE OR REPLACE VIEW')) {
    // Spark keeps a view's text from its first word to its last.
    const text = change.slice(change.indexOf('\nAS\n') + 4).replace(/^(?:\s*--[^\n]*\n)*/u, '').trim();
    return { kind: 'view', text, properties: {}, columns: [] };
  }
  if (sql.startsWith('CREATE TABLE')) {
    const columns = [...change.matchAll(/^ {2}(\w+) (\S+?)( NOT NULL)?,?$/gmu)].map(([, name, type, required]) => ({ name: name ?? '', type: type?.toLowerCase() ?? '', isNullable: required === undefined }));
    return { kind: 'table', text: null, properties: propertiesIn(change), columns };
  }
  const [, name, condition] = /^ADD CONSTRAINT (\w+) CHECK \((.+)\)$/u.exec(change) ?? [];
  const added = name === undefined ? propertiesIn(change) : { [`delta.constraints.${name}`]: condition ?? '' };
  return { kind: 'table', text: null, columns: before?.columns ?? [], properties: { ...before?.properties, ...added } };
}

function propertiesIn(sql: string): Record<string, string> {
  return Object.fromEntries([...sql.matchAll(/'([\w.]+)' = '(\w+)'/gu)].map(([, name, value]) => [name ?? '', value ?? '']));
}

/** A ledger that only takes events. */
export function eventsOnly(): Pick<Ledger, 'commit'> & { events: NewAuditEvent[] } {
  const events: NewAuditEvent[] = [];
  return {
    events,
    async commit(step) {
      events.push(...step.events);
      return events.length;
    },
  };
}
