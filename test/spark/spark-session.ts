import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pythonOf } from './prepare-spark.ts';

export type ColumnKind = 'text' | 'boolean' | 'instant' | 'number';

/** What a lane of `spark_session.py` can be asked, with the answer it gives. */
interface SparkCalls {
  version: { input: Record<never, never>; output: string };
  set: { input: { settings: Readonly<Record<string, string>> }; output: null };
  load: { input: { name: string; file: string; columns: readonly { name: string; kind: ColumnKind }[]; partitions: number }; output: null };
  define: { input: { name: string; sql: string; partitions: number }; output: null };
  run: { input: { sql: string; args: Readonly<Record<string, string>> }; output: (string | number | boolean | null)[][] };
  write: { input: { sql: string; file: string }; output: Record<string, ColumnKind> };
  seconds: { input: { sql: string }; output: number };
}

interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

/** A session of Spark with temporary views of its own. Its calls are answered one after another. */
export interface SparkLane {
  /** Where this lane's files for and from Spark go. */
  folder: string;
  call<Name extends keyof SparkCalls>(call: Name, input: SparkCalls[Name]['input']): Promise<SparkCalls[Name]['output']>;
}

let shared: SparkProcess | undefined;

/** A lane of the Spark that all test files share, for its start takes longer than most tests. It ends with this process. */
export function sparkLane(name: string): SparkLane {
  shared ??= new SparkProcess('short');
  return shared.lane(name);
}

/** Spark in a process of its own. */
export class SparkProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), 'countersign-spark-'));
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #calls = 0;
  #lastWords = '';

  /** `short`: ready for many tiny queries. `long`: for a few large ones. */
  constructor(queries: 'short' | 'long') {
    const program = join(import.meta.dirname, 'spark_session.py');
    this.#process = spawn(pythonOf(), [program, this.#folder, queries], { env: { ...process.env, SPARK_LOCAL_IP: '127.0.0.1', PYTHONDONTWRITEBYTECODE: '1' } });
    this.#process.stderr.on('data', (data: Buffer) => {
      this.#lastWords = (this.#lastWords + data.toString()).slice(-2_000);
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#receive(JSON.parse(line) as Answer));
    this.#process.on('exit', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(`Spark ended. Its last words: ${this.#lastWords}`));
    });
  }

  lane(name: string): SparkLane {
    const folder = mkdtempSync(join(this.#folder, 'lane-'));
    return { folder, call: (call, input) => this.#call(name, call, input) };
  }

  /** Ends Spark, which takes its folder with it. The end of this process does the same. */
  close(): void {
    this.#process.stdin.end();
  }

  #call<Name extends keyof SparkCalls>(lane: string, call: Name, input: SparkCalls[Name]['input']): Promise<SparkCalls[Name]['output']> {
    return new Promise((resolve, reject) => {
      this.#calls += 1;
      this.#waiting.set(this.#calls, { resolve: resolve as (value: unknown) => void, reject });
      this.#process.stdin.write(`${JSON.stringify({ id: this.#calls, lane, call, input })}\n`);
    });
  }

  #receive({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }
}
