/* oxlint-disable typescript/no-extraneous-class -- classes of others, as far as they are used here */
/* What the stand-in uses of two packages whose types a NodeNext project does not find. */
declare module 'thrift' {
  export class TBufferedTransport {
    constructor(buffer: undefined, onFlush: (bytes: Buffer | undefined) => void);
    static receiver(onData: (transport: object) => void, seqId: number): (bytes: Buffer) => void;
  }
  export class TBinaryProtocol {
    constructor(transport: object);
  }
}

declare module 'apache-arrow' {
  export interface DataType {}
  export interface Vector {}
  export class Utf8 implements DataType {}
  export class Int64 implements DataType {}
  export class Float64 implements DataType {}
  export class Field {
    constructor(name: string, type: DataType, nullable: boolean);
  }
  export class Schema {
    constructor(fields: readonly Field[]);
  }
  export class Table {
    constructor(schema: Schema);
  }
  export function makeTable(vectors: Record<string, Vector>): Table;
  export function vectorFromArray(values: readonly unknown[], type: DataType): Vector;
  export function tableToIPC(table: Table, format: 'stream'): Uint8Array;
}
