import { randomBytes, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { thrift as driver } from '@databricks/sql';

/* The driver ships the whole generated protocol, the server's side too; its types describe the client's side only. */
const require = createRequire(import.meta.url);
const Int64 = require('node-int64') as new (value: Buffer) => object;
const types = driver.TCLIService_types as unknown as Record<string, (new (members: object) => object) & Record<string, number>>;

/** A struct of the protocol. */
export function make(struct: string, members: object): object {
  const Struct = types[struct];
  if (Struct === undefined) throw new Error(`The protocol has no ${struct}.`);
  return new Struct(members);
}

/** A value of an enumeration of the protocol. */
export function valueOf(enumeration: string, name: string): number {
  const value = types[enumeration]?.[name];
  if (value === undefined) throw new Error(`The protocol has no ${enumeration}.${name}.`);
  return value;
}

/** A number of 64 bits as the protocol takes it. */
export function int64(value: number | bigint | string): object {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return new Int64(bytes);
}

/** A handle that the driver takes: its guid must be a valid UUID. */
export function newHandle(): { id: object; key: string } {
  const guid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
  return { id: make('THandleIdentifier', { guid, secret: randomBytes(16) }), key: guid.toString('hex') };
}

/** What names a handle that came over the wire. */
export function keyOf(handle: unknown): string {
  const { sessionId, operationId } = (handle ?? {}) as { sessionId?: { guid: Buffer }; operationId?: { guid: Buffer } };
  const guid = sessionId?.guid ?? operationId?.guid;
  return guid === undefined ? '' : Buffer.from(guid).toString('hex');
}

/** The calls that a server answers, by name. */
export type ThriftHandler = Record<string, (request: never, done: (error: unknown, answer: unknown) => void) => void>;

/** The generated processor over a handler of calls. */
export function processorOf(handler: ThriftHandler): { process(input: unknown, output: unknown): void } {
  const { Processor } = driver.TCLIService as unknown as { Processor: new (handler: ThriftHandler) => { process(input: unknown, output: unknown): void } };
  return new Processor(handler);
}
