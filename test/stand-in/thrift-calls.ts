import { StatementRefused, type StandInEngine, type Value } from './engine.ts';
import type { StandInFault } from './faults.ts';
import { arrowSchema, arrowSet, columnSet, thriftSchema, typesOf, type ColumnType } from './result-format.ts';
import { keyOf, make, newHandle, valueOf, type ThriftHandler } from './thrift.ts';

export interface CallSettings {
  format: 'columns' | 'arrow';
  /** False: every result is polled and fetched, as old servers want it. */
  directResults: boolean;
}

interface Operation {
  handle: unknown;
  columns: readonly string[];
  types: ColumnType[];
  rows: Iterator<readonly Value[]>;
  /** Read ahead, to tell the types and whether there is more. */
  ahead: (readonly Value[])[];
  sent: number;
  readyAt: number;
  failure: string | null;
  close(): void;
}

type Done = (error: unknown, answer: unknown) => void;
type Request = Record<string, never> & { statement: string; sessionHandle: unknown; operationHandle: unknown; maxRows: { toNumber(): number }; getDirectResults?: { maxRows: { toNumber(): number } }; parameters?: { name: string; value: { stringValue?: string } }[] };

const protocolV8 = 42_248;

/** The calls of the protocol that the driver makes, answered from an engine. One per stand-in; what it holds is what the tests look at. */
export class ThriftCalls {
  readonly #engine: StandInEngine;
  readonly settings: CallSettings;
  readonly sessions = new Set<string>();
  readonly operations = new Map<string, Operation>();
  /** Statements in the order in which they took effect. */
  readonly executed: string[] = [];
  cancelled = 0;

  constructor(engine: StandInEngine, settings: CallSettings) {
    this.#engine = engine;
    this.settings = settings;
  }

  /** The handler of one HTTP request; `fault` is what happens to it inside. */
  handler(fault: StandInFault | null): ThriftHandler {
    const answer =
      (work: (request: Request) => Record<string, unknown>, struct: string) =>
      (request: Request, done: Done): void => {
        try {
          done(null, make(struct, { status: ok(), ...work(request) }));
        } catch (error) {
          done(null, make(struct, { status: refused(error instanceof Error ? error.message : String(error)) }));
        }
      };
    const refuseIfAsked = (): void => {
      if (fault?.kind === 'refuse') throw new StatementRefused(fault.message);
    };
    return {
      OpenSession: answer(() => {
        refuseIfAsked();
        const { id, key } = newHandle();
        this.sessions.add(key);
        return { serverProtocolVersion: protocolV8, sessionHandle: make('TSessionHandle', { sessionId: id, serverProtocolVersion: protocolV8 }) };
      }, 'TOpenSessionResp'),
      CloseSession: answer(({ sessionHandle }) => {
        if (!this.sessions.delete(keyOf(sessionHandle))) throw new StatementRefused(`Invalid SessionHandle: ${keyOf(sessionHandle)}`);
        return {};
      }, 'TCloseSessionResp'),
      ExecuteStatement: answer((request) => {
        refuseIfAsked();
        this.#requireSession(request.sessionHandle);
        return this.#execute(request, fault);
      }, 'TExecuteStatementResp'),
      GetOperationStatus: answer(({ operationHandle }) => this.#status(this.#operation(operationHandle)), 'TGetOperationStatusResp'),
      GetResultSetMetadata: answer(({ operationHandle }) => this.#metadata(this.#operation(operationHandle)), 'TGetResultSetMetadataResp'),
      FetchResults: answer(({ operationHandle, maxRows }) => {
        refuseIfAsked();
        return this.#fetch(this.#operation(operationHandle), maxRows.toNumber());
      }, 'TFetchResultsResp'),
      CancelOperation: answer(({ operationHandle }) => {
        this.cancelled += 1;
        this.#end(keyOf(operationHandle));
        return {};
      }, 'TCancelOperationResp'),
      CloseOperation: answer(({ operationHandle }) => {
        this.#end(keyOf(operationHandle));
        return {};
      }, 'TCloseOperationResp'),
    };
  }

  #requireSession(handle: unknown): void {
    if (!this.sessions.has(keyOf(handle))) throw new StatementRefused(`Invalid SessionHandle: SessionHandle [${keyOf(handle)}]`);
  }

  #operation(handle: unknown): Operation {
    const operation = this.operations.get(keyOf(handle));
    if (!operation) throw new StatementRefused(`Invalid OperationHandle: OperationHandle [${keyOf(handle)}]`);
    return operation;
  }

  #end(key: string): void {
    this.operations.get(key)?.close();
    this.operations.delete(key);
  }

  #execute(request: Request, fault: StandInFault | null): Record<string, unknown> {
    const parameters = Object.fromEntries((request.parameters ?? []).map(({ name, value }) => [name, value.stringValue ?? null]));
    const failure = fault?.kind === 'fail-running' ? fault.message : null;
    const result = failure === null ? this.#engine.execute(request.statement, parameters) : { columns: [], rows: [], close: () => {} };
    if (failure === null) this.executed.push(request.statement);
    const { id, key } = newHandle();
    const handle = make('TOperationHandle', { operationId: id, operationType: valueOf('TOperationType', 'EXECUTE_STATEMENT'), hasResultSet: result.columns.length > 0 });
    const rows = result.rows[Symbol.iterator]();
    const operation: Operation = { handle, columns: result.columns, types: [], rows, ahead: [], sent: 0, readyAt: performance.now() + (fault?.kind === 'slow' ? fault.ms : 0), failure, close: () => result.close() };
    lookAhead(operation, 1);
    operation.types = typesOf(result.columns.length, operation.ahead);
    this.operations.set(key, operation);
    const isReady = fault?.kind !== 'slow' && failure === null;
    if (!this.settings.directResults || !request.getDirectResults || !isReady) return { operationHandle: handle };
    return { operationHandle: handle, directResults: this.#direct(operation, key, request.getDirectResults.maxRows.toNumber()) };
  }

  #direct(operation: Operation, key: string, maxRows: number): unknown {
    const told = (struct: string, members: object): object => make(struct, { status: ok(), ...members });
    const resultSet = told('TFetchResultsResp', this.#fetch(operation, maxRows));
    const isDone = operation.ahead.length === 0;
    if (isDone) this.#end(key);
    return make('TSparkDirectResults', {
      operationStatus: told('TGetOperationStatusResp', this.#status(operation)),
      ...(operation.columns.length > 0 ? { resultSetMetadata: told('TGetResultSetMetadataResp', this.#metadata(operation)), resultSet } : {}),
      ...(isDone ? { closeOperation: told('TCloseOperationResp', {}) } : {}),
    });
  }

  #status(operation: Operation): Record<string, unknown> {
    if (operation.failure !== null) return { operationState: valueOf('TOperationState', 'ERROR_STATE'), errorMessage: operation.failure, displayMessage: operation.failure, sqlState: '42000' };
    const isReady = performance.now() >= operation.readyAt;
    return { operationState: valueOf('TOperationState', isReady ? 'FINISHED_STATE' : 'RUNNING_STATE'), hasResultSet: operation.columns.length > 0 };
  }

  #metadata({ columns, types }: Operation): Record<string, unknown> {
    const isArrow = this.settings.format === 'arrow';
    return { schema: thriftSchema(columns, types), resultFormat: valueOf('TSparkRowSetType', isArrow ? 'ARROW_BASED_SET' : 'COLUMN_BASED_SET'), lz4Compressed: false, ...(isArrow ? { arrowSchema: arrowSchema(columns, types) } : {}) };
  }

  #fetch(operation: Operation, maxRows: number): Record<string, unknown> {
    lookAhead(operation, maxRows + 1);
    const rows = operation.ahead.splice(0, maxRows);
    const start = operation.sent;
    operation.sent += rows.length;
    const results = this.settings.format === 'arrow' ? arrowSet(operation.columns, operation.types, rows, start) : columnSet(operation.types, rows, start);
    return { hasMoreRows: operation.ahead.length > 0, results };
  }
}

function lookAhead(operation: Operation, wanted: number): void {
  while (operation.ahead.length < wanted) {
    const next = operation.rows.next();
    if (next.done) return;
    operation.ahead.push(next.value);
  }
}

function ok(): unknown {
  return make('TStatus', { statusCode: valueOf('TStatusCode', 'SUCCESS_STATUS') });
}

function refused(errorMessage: string): unknown {
  return make('TStatus', { statusCode: valueOf('TStatusCode', 'ERROR_STATUS'), errorMessage, errorCode: 0 });
}
