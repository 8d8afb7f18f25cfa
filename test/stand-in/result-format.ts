import { Field, Float64, Int64, makeTable, Schema, Table, tableToIPC, Utf8, vectorFromArray, type DataType, type Vector } from 'apache-arrow';
import type { Value } from './engine.ts';
import { int64, make, valueOf } from './thrift.ts';

export type ColumnType = 'STRING' | 'BIGINT' | 'DOUBLE';

/** The type of each column, told by its first value. */
export function typesOf(width: number, rows: readonly (readonly Value[])[]): ColumnType[] {
  return Array.from({ length: width }, (_, at) => {
    const value = rows.find((row) => row[at] !== null)?.[at];
    return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)) ? 'BIGINT' : typeof value === 'number' ? 'DOUBLE' : 'STRING';
  });
}

/** The schema of a result as Thrift tells it. */
export function thriftSchema(names: readonly string[], types: readonly ColumnType[]): object {
  const idOf = { STRING: valueOf('TTypeId', 'STRING_TYPE'), BIGINT: valueOf('TTypeId', 'BIGINT_TYPE'), DOUBLE: valueOf('TTypeId', 'DOUBLE_TYPE') };
  return make('TTableSchema', {
    columns: names.map(
      (columnName, at) =>
        make('TColumnDesc', {
          columnName,
          position: at + 1,
          typeDesc: make('TTypeDesc', { types: [make('TTypeEntry', { primitiveEntry: make('TPrimitiveTypeEntry', { type: idOf[types[at] ?? 'STRING'] }) })] }),
        }),
    ),
  });
}

/** Rows column by column, as old servers send them: NULL is a bit beside a placeholder. */
export function columnSet(types: readonly ColumnType[], rows: readonly (readonly Value[])[], startRow: number): object {
  const columns = types.map((type, at): object => {
    const nulls = Buffer.alloc(Math.ceil(rows.length / 8));
    const values = rows.map((row, index) => {
      const value = row[at] ?? null;
      if (value === null) nulls[index >> 3] = (nulls[index >> 3] ?? 0) | (1 << (index & 7));
      return value;
    });
    if (type === 'STRING') return make('TColumn', { stringVal: make('TStringColumn', { values: values.map((value) => String(value ?? '')), nulls }) });
    if (type === 'DOUBLE') return make('TColumn', { doubleVal: make('TDoubleColumn', { values: values.map((value) => Number(value ?? 0)), nulls }) });
    return make('TColumn', { i64Val: make('TI64Column', { values: values.map((value) => int64(value ?? 0)), nulls }) });
  });
  return make('TRowSet', { startRowOffset: int64(startRow), rows: [], columns });
}

/** The schema message of an Arrow stream; batches follow in messages of their own. */
export function arrowSchema(names: readonly string[], types: readonly ColumnType[]): Buffer {
  const schema = new Schema(names.map((name, at) => new Field(name, arrowType(types[at] ?? 'STRING'), true)));
  const stream = Buffer.from(tableToIPC(new Table(schema), 'stream'));
  return stream.subarray(0, firstMessageEnd(stream));
}

/** Rows as one Arrow batch, without the schema in front of it. */
export function arrowSet(names: readonly string[], types: readonly ColumnType[], rows: readonly (readonly Value[])[], startRow: number): object {
  const set = { startRowOffset: int64(startRow), rows: [] };
  if (rows.length === 0) return make('TRowSet', { ...set, arrowBatches: [] });
  const vectors = names.map((name, at): [string, Vector] => [name, vectorOf(types[at] ?? 'STRING', rows.map((row) => row[at] ?? null))]);
  const stream = Buffer.from(tableToIPC(makeTable(Object.fromEntries(vectors)), 'stream'));
  return make('TRowSet', { ...set, arrowBatches: [make('TSparkArrowBatch', { batch: stream.subarray(firstMessageEnd(stream), stream.length - endOfStreamBytes), rowCount: int64(rows.length) })] });
}

const endOfStreamBytes = 8;

/** A message is FFFFFFFF, the length of its metadata, the metadata, a body; the schema's has no body. */
function firstMessageEnd(stream: Buffer): number {
  return 8 + stream.readInt32LE(4);
}

function arrowType(type: ColumnType): DataType {
  return type === 'BIGINT' ? new Int64() : type === 'DOUBLE' ? new Float64() : new Utf8();
}

function vectorOf(type: ColumnType, values: readonly Value[]): Vector {
  if (type === 'BIGINT') return vectorFromArray(values.map((value) => (value === null ? null : BigInt(value))), new Int64());
  if (type === 'DOUBLE') return vectorFromArray(values.map((value) => (value === null ? null : Number(value))), new Float64());
  return vectorFromArray(values.map((value) => (value === null ? null : String(value))), new Utf8());
}
