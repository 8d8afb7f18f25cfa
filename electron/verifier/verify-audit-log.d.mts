/** An event's place and hash that somebody else has kept. */
export interface KeptAnchor {
  seq: number;
  head: string;
  lineage?: string;
  at?: string;
  signature?: string;
}

export interface VerifierReport {
  ok: boolean;
  kind: 'export' | 'ledger';
  lineage: string | null;
  publicKey: string | null;
  events: number;
  from: string | null;
  until: string | null;
  head: string | null;
  checkpoints: { given: number; newest: number | null } | null;
  keyWasGiven: boolean;
  anchors: { given: number; newest: number | null };
  firstBad: { seq: number; problem: string; text: string } | null;
  warnings: string[];
  proved: string[];
  notProved: string[];
}

export interface ReadCheckpoint {
  seq: number;
  head: string;
  at: string;
  signature: string;
  lineage?: string;
  publicKey?: string;
}

export interface VerifierOptions {
  anchors?: readonly KeptAnchor[];
  publicKey?: string | null;
}

/** What `node:sqlite` and other drivers have in common. */
export interface ReadableDatabase {
  prepare(sql: string): { all(...values: unknown[]): unknown[]; get(...values: unknown[]): unknown; iterate(...values: unknown[]): Iterable<unknown> };
}

export function readCanonical(text: string): { value: unknown; spans: Map<string, [number, number]> };
export function readEvent(line: string): { seq: number; hash: string; ownHash: string } | null;
export function readLines(file: string): Generator<string | null>;
export function readCheckpoints(lines: Iterable<string | null>): ReadCheckpoint[];
export function readAnchors(text: string): KeptAnchor[];
export function verifyExportLines(lines: Iterable<string | null>, options?: VerifierOptions & { checkpoints?: readonly ReadCheckpoint[] | null }): VerifierReport;
export function verifyLedger(db: ReadableDatabase, options?: VerifierOptions): VerifierReport;
export function main(words: readonly string[], print?: (text: string) => void): Promise<0 | 2 | 6>;
