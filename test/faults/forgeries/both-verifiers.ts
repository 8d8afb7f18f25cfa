import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyChain } from '../../../electron/adapters/sqlite/ledger/verify-chain.ts';
import type { SqliteDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import { anchorRow, type SignedHead } from '../../../electron/core/audit/audit-log-row.ts';
import { addAnchor } from '../../../electron/core/audit/verify-audit.ts';
import { readCheckpointLines, verifyAnchoredExport } from '../../../electron/core/audit/verify-export.ts';
import type { AuditEvidence, AuditTable } from '../../../electron/core/warehouse-ports.ts';
import { readCheckpoints, verifyExportLines, verifyLedger } from '../../../electron/verifier/verify-audit-log.mjs';
import type { ForgedLog } from './forged-log.ts';

/** What each verifier says of one log. */
export interface Verdicts {
  app: boolean;
  script: boolean;
  /** Where each sees the first bad event. */
  places: [number | null, number | null];
}

export const verifierScript = fileURLToPath(new URL('../../../electron/verifier/verify-audit-log.mjs', import.meta.url));

/** What a warehouse answers that has kept one anchor: nothing for any other ledger. */
function evidenceOf(anchor: SignedHead, lineage: string): AuditEvidence {
  if (lineage !== anchor.lineage) return { events: 0, last: null, forks: [], anchor: null };
  return { events: anchor.seq, last: { seq: anchor.seq, hash: anchor.head }, forks: [], anchor: { seq: anchor.seq, head: anchor.head, at: anchor.at, payload: anchorRow(anchor).payload } };
}

/** A warehouse that has kept one anchor and takes nothing more. */
function keptTable(anchor: SignedHead): AuditTable {
  const refuse = () => Promise.reject(new Error('Nothing is copied here.'));
  return { place: 'kept', append: refuse, present: refuse, evidence: async (lineage) => evidenceOf(anchor, lineage) };
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** Both verifiers on an exported log. */
export async function verifyBothExports({ lines, checkpoints }: ForgedLog, anchor: SignedHead): Promise<Verdicts> {
  const log = { open: () => each(lines), checkpoints: await readCheckpointLines(each(checkpoints)) };
  const app = await verifyAnchoredExport(keptTable(anchor), log, new AbortController().signal);
  const script = verifyExportLines(lines, { anchors: [anchor], checkpoints: readCheckpoints(checkpoints) });
  return { app: app.ok, script: script.ok, places: [app.firstBad?.seq ?? null, script.firstBad?.seq ?? null] };
}

/** Both verifiers on an open ledger. */
export async function verifyBothLedgers(db: SqliteDatabase, anchor: SignedHead): Promise<Verdicts> {
  const local = verifyChain(db);
  const meta = (name: string) => db.prepare('SELECT value FROM meta WHERE name = ?').pluck().get(name) as string;
  const hashAt = async (seq: number) => (db.prepare('SELECT hash FROM audit_event WHERE seq = ?').pluck().get(seq) as string | undefined) ?? null;
  const chain = { lineage: meta('lineage'), publicKey: meta('public_key'), events: local.events, hashAt };
  const app = await addAnchor(local, { evidence: evidenceOf(anchor, chain.lineage) }, chain, { copied: 0, isRequired: true });
  const script = verifyLedger(db, { anchors: [anchor] });
  return { app: app.ok, script: script.ok, places: [app.firstBad?.seq ?? null, script.firstBad?.seq ?? null] };
}

/** The exit code of the script as its own process, on a log in files. */
export async function runScript({ lines, checkpoints }: ForgedLog, anchor: SignedHead): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-verifier-'));
  try {
    const file = join(folder, 'audit.jsonl');
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    writeFileSync(join(folder, 'audit.checkpoints.jsonl'), checkpoints.map((line) => `${line}\n`).join(''));
    writeFileSync(join(folder, 'anchor.json'), anchorRow(anchor).payload);
    return await new Promise((resolve) => {
      execFile(process.execPath, [verifierScript, file, '--anchor-file', join(folder, 'anchor.json')], (error) => resolve(error === null ? 0 : Number(error.code ?? 1)));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
