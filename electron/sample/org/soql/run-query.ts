import { randomBytes } from 'node:crypto';
import { OrgRefusal } from '../org-refusal.ts';
import type { OrgStore } from '../org-store.ts';
import { toJsonValue, type StoredRow, type StoredValue } from '../org-value.ts';
import { toLongId } from '../salesforce-id.ts';
import { findField, type OrgField, type OrgObject } from '../schema.ts';
import { compileSoql, type CompiledQuery } from './compile.ts';
import { parseSoql } from './parse.ts';

export interface QueryRequest {
  soql: string;
  includeDeleted: boolean;
  pageSize: number;
  /** `/services/data/vXX.X`. */
  base: string;
}

export interface QueryPage {
  totalSize: number;
  done: boolean;
  nextRecordsUrl?: string;
  records: Record<string, unknown>[];
}

interface Cursor {
  query: CompiledQuery;
  live: string;
  pageSize: number;
  totalSize: number;
  /** The last Id before each page of a query that comes by Id. */
  lastIdAt: Map<number, string>;
}

export interface QueryRunner {
  run: (request: QueryRequest) => QueryPage;
  /** The page that a `nextRecordsUrl` ends with; may be asked for again. */
  more: (locator: string, base: string) => QueryPage;
  /** All rows of a query in pages, without holding them. */
  rows: (request: Omit<QueryRequest, 'base'>) => { object: OrgObject; fields: readonly OrgField[]; pages: Iterable<StoredValue[][]> };
}

const cursorsKept = 500;

function toRecord(object: OrgObject, fields: readonly OrgField[], row: readonly StoredValue[], base: string): Record<string, unknown> {
  const id = row[fields.length];
  const record: Record<string, unknown> = { attributes: { type: object.name, url: `${base}/sobjects/${object.name}/${id}` } };
  fields.forEach((field, index) => {
    record[field.name] = toJsonValue(field, row[index]);
  });
  return record;
}

/** Answers a stored row as a record of the API, with the given fields. */
export function rowToRecord(object: OrgObject, fields: readonly OrgField[], row: StoredRow, base: string): Record<string, unknown> {
  return toRecord(object, fields, [...fields.map((field) => row[field.name] ?? null), row['Id'] ?? null], base);
}

/** Resolves a list of field names for a retrieve; unknown names are refused. */
export function fieldsNamed(object: OrgObject, names: readonly string[]): OrgField[] {
  return names.map((name) => {
    const field = findField(object, name);
    if (!field) throw new OrgRefusal(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
    return field;
  });
}

/**
 * Makes the part of the org that answers queries page by page.
 *
 * Shape: rows that come by Id are paged by the last Id seen; rows in another order are remembered as ids in a temporary table.
 *        The newest 500 cursors are kept.
 */
export function createQueryRunner(store: OrgStore): QueryRunner {
  const cursors = new Map<string, Cursor>();
  store.db.exec(
    'CREATE TEMP TABLE cursor_row (cursor TEXT, position INTEGER, id TEXT, PRIMARY KEY (cursor, position)) WITHOUT ROWID',
  );

  const columns = (query: CompiledQuery, table = ''): string =>
    [...query.fields.map((field) => `${table}"${field.name}"`), `${table}Id`].join(', ');
  const from = (query: CompiledQuery, live: string): string => `FROM "${query.object.name}" WHERE ${query.where} AND ${live}`;
  const window = (query: CompiledQuery): string => `LIMIT ${query.limit ?? -1} OFFSET ${query.offset ?? 0}`;
  const rawRows = (sql: string, values: readonly StoredValue[]): StoredValue[][] =>
    store.db.prepare(sql).raw().all(values) as StoredValue[][];
  /** Only a count of everything may use the index on IsDeleted: with a condition SQLite would prefer it to better ones. */
  const counting = (query: CompiledQuery, live: string): string => (query.where === '1' ? live.replace('+', '') : live);
  const count = (query: CompiledQuery, live: string): number => {
    const sql =
      query.limit === null && query.offset === null
        ? `SELECT COUNT(*) ${from(query, counting(query, live))}`
        : `SELECT COUNT(*) FROM (SELECT 1 ${from(query, live)} ${window(query)})`;
    return store.db.prepare(sql).pluck().get(query.values) as number;
  };

  const remember = (cursor: Cursor): string => {
    const id = toLongId(`01g${randomBytes(6).toString('hex')}`);
    cursors.set(id, cursor);
    for (const old of cursors.keys()) {
      if (cursors.size <= cursorsKept) break;
      cursors.delete(old);
      store.db.prepare('DELETE FROM temp.cursor_row WHERE cursor = ?').run(old);
    }
    return id;
  };

  const pageById = (cursor: Cursor, position: number): StoredValue[][] => {
    const { query } = cursor;
    const last = cursor.lastIdAt.get(position);
    const size = Math.min(cursor.pageSize, cursor.totalSize - position);
    if (last === undefined) throw new OrgRefusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return rawRows(`SELECT ${columns(query)} ${from(query, cursor.live)} AND Id > ? ORDER BY Id LIMIT ?`, [...query.values, last, size]);
  };
  const pageOrdered = (id: string, cursor: Cursor, position: number): StoredValue[][] =>
    rawRows(
      `SELECT ${columns(cursor.query, 'o.')} FROM temp.cursor_row c JOIN "${cursor.query.object.name}" o ON o.Id = c.id
       WHERE c.cursor = ? AND c.position >= ? AND c.position < ? ORDER BY c.position`,
      [id, position, position + cursor.pageSize],
    );

  const answer = (cursor: Cursor, id: string, position: number, rows: StoredValue[][], base: string): QueryPage => {
    const { query } = cursor;
    const end = position + cursor.pageSize;
    const done = end >= cursor.totalSize;
    const last = rows.at(-1)?.at(-1);
    if (!done && typeof last === 'string') cursor.lastIdAt.set(end, last);
    return {
      totalSize: cursor.totalSize,
      done,
      ...(done ? {} : { nextRecordsUrl: `${base}/query/${id}-${end}` }),
      records: rows.map((row) => toRecord(query.object, query.fields, row, base)),
    };
  };

  const aggregate = (query: CompiledQuery, live: string): QueryPage => {
    const [first] = query.aggregates ?? [];
    if (!first) return { totalSize: count(query, live), done: true, records: [] };
    const list = (query.aggregates ?? []).map((one) => one.sql).join(', ');
    const [row] = rawRows(`SELECT ${list} ${from(query, counting(query, live))}`, query.values);
    const record: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
    query.aggregates?.forEach((one, index) => {
      record[one.alias] = row?.[index] ?? null;
    });
    return { totalSize: 1, done: true, records: [record] };
  };

  const run = (request: QueryRequest): QueryPage => {
    const query = compileSoql(store.schema, parseSoql(request.soql));
    const live = request.includeDeleted ? '1' : '+IsDeleted = 0';
    if (query.aggregates) return aggregate(query, live);
    const order = query.orderBy === '' ? 'Id' : `${query.orderBy}, Id`;
    const size = Math.min(request.pageSize, query.limit ?? request.pageSize);
    const rows = rawRows(`SELECT ${columns(query)} ${from(query, live)} ORDER BY ${order} LIMIT ? OFFSET ?`, [
      ...query.values,
      size,
      query.offset ?? 0,
    ]);
    const whole = rows.length < request.pageSize || query.limit === rows.length;
    const totalSize = whole ? rows.length : count(query, live);
    const cursor: Cursor = { query, live, pageSize: request.pageSize, totalSize, lastIdAt: new Map() };
    if (totalSize <= request.pageSize) return answer(cursor, '', 0, rows, request.base);
    const id = remember(cursor);
    if (query.orderBy !== '') {
      store.db
        .prepare(
          `INSERT INTO temp.cursor_row SELECT ?, ROW_NUMBER() OVER (ORDER BY ${order}) - 1, Id ${from(query, live)} ORDER BY ${order} ${window(query)}`,
        )
        .run(id, ...query.values);
      if (query.offset) store.db.prepare('UPDATE temp.cursor_row SET position = position - ? WHERE cursor = ?').run(query.offset, id);
    }
    return answer(cursor, id, 0, rows, request.base);
  };

  return {
    run,
    more: (locator, base) => {
      const [, id = '', position = ''] = /^(\w{15,18})-(\d+)$/.exec(locator) ?? [];
      const cursor = cursors.get(id);
      if (!cursor) throw new OrgRefusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
      const start = Number(position);
      const rows = cursor.query.orderBy === '' ? pageById(cursor, start) : pageOrdered(id, cursor, start);
      return answer(cursor, id, start, rows, base);
    },
    rows: (request) => {
      const query = compileSoql(store.schema, parseSoql(request.soql));
      if (query.aggregates) throw new OrgRefusal(400, 'API_ERROR', 'Aggregate queries are not supported by a query job');
      const live = request.includeDeleted ? '1' : '+IsDeleted = 0';
      const pages = function* pages(): Generator<StoredValue[][]> {
        const order = query.orderBy === '' ? 'Id' : `${query.orderBy}, Id`;
        const ids = store.db.prepare(`SELECT Id ${from(query, live)} ORDER BY ${order} ${window(query)}`).pluck().all(query.values) as string[];
        for (let start = 0; start < ids.length; start += request.pageSize) {
          const wanted = ids.slice(start, start + request.pageSize);
          const rows = rawRows(
            `SELECT ${columns(query)} FROM "${query.object.name}" WHERE Id IN (${wanted.map(() => '?').join(', ')})`,
            wanted,
          );
          const byId = new Map(rows.map((row) => [row.at(-1), row]));
          yield wanted.map((id) => byId.get(id)).filter((row) => row !== undefined);
        }
      };
      return { object: query.object, fields: query.fields, pages: pages() };
    },
  };
}
