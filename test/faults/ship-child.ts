/**
 * One life of a process that copies the audit log of a folder into `warehouse-audit.db` beside it.
 * `node ship-child.ts JSON` with `{ folder, killAt, inFlightMs }`; it kills itself at step `killAt`, where a step is the beginning or the end
 * of every call to the copy and every durable commit; an append is killed in flight, `inFlightMs` after it began. With a `killAt`
 * beyond its last step it is killed when all is copied.
 */
import { join } from 'node:path';
import { embeddedAuditTable } from '../../electron/adapters/embedded/embedded-audit-table.ts';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { shipAudit } from '../../electron/core/audit/ship-audit.ts';
import type { AuditTable } from '../../electron/core/warehouse-ports.ts';
import { instantClock } from '../core/audit/scripted-audit-table.ts';

const { folder, killAt, inFlightMs } = JSON.parse(process.argv[2] ?? '') as { folder: string; killAt: number; inFlightMs: number };
const { signal } = new AbortController();
let steps = 0;
const die = (): void => void process.kill(process.pid, 'SIGKILL');
const during = async <T>(work: () => Promise<T>, isWriting: boolean): Promise<T> => {
  if (++steps === killAt) die();
  const answer = work();
  if (isWriting && ++steps === killAt) setTimeout(die, inFlightMs);
  const result = await answer;
  if (++steps === killAt) die();
  return result;
};

const ledger = await openLedger({ folder, threads: false });
const real = embeddedAuditTable(join(folder, 'warehouse-audit.db'), { threads: true });
const table: AuditTable = {
  place: real.place,
  append: (rows, by) => during(() => real.append(rows, by), true),
  present: (ids, by) => during(() => real.present(ids, by), false),
  evidence: (workspace, by) => during(() => real.evidence(workspace, by), false),
};
await shipAudit({ ledger: { ...ledger, commit: (step) => during(() => ledger.commit(step), false) }, table, clock: instantClock() }, signal);
if (killAt > 0) die();
await real.close();
await ledger.close();
process.stdout.write(String(steps));
