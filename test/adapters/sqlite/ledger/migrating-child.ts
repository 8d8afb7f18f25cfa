import { createLedgerStore } from '../../../../electron/adapters/sqlite/ledger/ledger-store.ts';
import { interruptAt } from './interrupted-statements.ts';

/** Opens the ledger of a folder and dies, as if killed, before the n-th statement of its migration. */
const [, , folder = '', number = '0'] = process.argv;
interruptAt(Number(number), () => process.kill(process.pid, 'SIGKILL'));
createLedgerStore({ folder, readonly: false, now: () => new Date().toISOString() }).close();
