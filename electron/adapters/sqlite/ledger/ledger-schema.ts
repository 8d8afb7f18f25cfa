import { batchStates, chunkStates } from '../../../../shared/domain/batch.ts';
import { recordStates, recordSteps } from '../../../../shared/domain/outcome.ts';
import { reviewMarks } from '../../../../shared/domain/review.ts';

/** Marks a file as a ledger of this app (`CSLG`). */
export const ledgerApplicationId = 0x43534c47;

const listOf = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ');

/** States in which the plan of a batch has been used and can never change again. */
const consumedStates = listOf(['pushing', 'completed', 'completed-with-errors', 'aborted', 'rolled-back']);

const never = (name: string, action: string, table: string, when = '') =>
  `CREATE TRIGGER ${name} BEFORE ${action} ON ${table} ${when} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`;

const whenConsumed = `WHEN (SELECT state FROM batch WHERE id = OLD.batch_id) IN (${consumedStates})`;

const stateColumns = recordStates.join(', ');
const stepsAllowed = listOf(Object.entries(recordSteps).flatMap(([from, to]) => to.map((next) => `${from} ${next}`)));

/**
 * The schema, one entry per version, in order. The guards are against bugs, not against someone who can write the file:
 * against those stand the chain, the signed checkpoints and the plan's hash.
 */
export const ledgerMigrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE audit_event (
    seq INTEGER PRIMARY KEY, bytes TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL, actor TEXT NOT NULL, batch_id TEXT, run_id TEXT
  ) STRICT;
  CREATE INDEX audit_event_batch ON audit_event (batch_id, type, seq) WHERE batch_id IS NOT NULL;
  CREATE INDEX audit_event_type ON audit_event (type, seq);
  CREATE INDEX audit_event_actor ON audit_event (actor, seq);
  CREATE TABLE audit_event_key (key TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE checkpoint (seq INTEGER PRIMARY KEY, head TEXT NOT NULL, at TEXT NOT NULL, signature TEXT NOT NULL) STRICT;
  CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_event WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_event)
    BEGIN SELECT RAISE(ABORT, 'audit_event has no gaps'); END;
  ${['audit_event', 'audit_event_key', 'checkpoint'].map((table) => never(`${table}_no_update`, 'UPDATE', table) + never(`${table}_no_delete`, 'DELETE', table)).join('\n')}

  CREATE TABLE decision (
    key TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('create', 'update')), content_hash TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('approve', 'hold', 'exclude')), reason TEXT, actor TEXT NOT NULL, at TEXT NOT NULL, undo_id TEXT NOT NULL,
    PRIMARY KEY (key, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE viewed (key TEXT NOT NULL, kind TEXT NOT NULL, content_hash TEXT NOT NULL, PRIMARY KEY (key, kind)) STRICT, WITHOUT ROWID;
  CREATE TABLE decision_step (
    position INTEGER PRIMARY KEY, undo_id TEXT NOT NULL UNIQUE, label TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL,
    undoes TEXT, undone INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE decision_undo (
    undo_id TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, previous TEXT, left_by TEXT,
    PRIMARY KEY (undo_id, key, kind)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE batch (id TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE, state TEXT NOT NULL CHECK (state IN (${listOf(batchStates)})), body TEXT NOT NULL) STRICT;
  CREATE TABLE batch_member (batch_id TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (batch_id, kind, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE plan (batch_id TEXT PRIMARY KEY, header TEXT NOT NULL, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE plan_record (
    batch_id TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('create', 'update')), key TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (batch_id, kind, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE approval (batch_id TEXT NOT NULL, approver TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (batch_id, approver)) STRICT, WITHOUT ROWID;
  ${['plan', 'plan_record', 'approval'].map((table) => never(`${table}_no_update`, 'UPDATE', table) + never(`${table}_no_delete`, 'DELETE', table, whenConsumed)).join('\n')}

  CREATE TABLE run (id TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE, batch_id TEXT NOT NULL, retry_of TEXT, body TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX run_first ON run (batch_id) WHERE retry_of IS NULL;
  CREATE INDEX run_batch ON run (batch_id, position);
  CREATE TABLE run_record (
    run_id TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN (${listOf(recordStates)})),
    chunk INTEGER, attempts INTEGER NOT NULL DEFAULT 0, before_image TEXT, sent TEXT, code TEXT, message TEXT, fields TEXT NOT NULL DEFAULT '[]',
    salesforce_id TEXT, now TEXT, superseded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, kind, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX run_record_state ON run_record (run_id, state, superseded);
  CREATE TABLE chunk (
    run_id TEXT NOT NULL, number INTEGER NOT NULL, operation TEXT NOT NULL, records INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN (${listOf(chunkStates)})),
    PRIMARY KEY (run_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER run_record_succeeded_is_final BEFORE UPDATE OF state ON run_record WHEN OLD.state = 'succeeded' AND NEW.state <> 'succeeded'
    BEGIN SELECT RAISE(ABORT, 'a succeeded record keeps its outcome'); END;
  ${['run', 'run_record', 'chunk'].map((table) => never(`${table}_no_delete`, 'DELETE', table)).join('\n')}
  `,
  // The counts of a run are kept by the database itself and must add up after every statement.
  `
  ALTER TABLE run_record ADD COLUMN sent_at TEXT;
  CREATE TABLE job (
    run_id TEXT NOT NULL, chunk INTEGER NOT NULL, job_id TEXT, state TEXT NOT NULL CHECK (state IN ('creating', 'open', 'closing', 'ended')),
    PRIMARY KEY (run_id, chunk)
  ) STRICT, WITHOUT ROWID;
  ${never('job_no_delete', 'DELETE', 'job')}

  CREATE TABLE run_tally (
    run_id TEXT PRIMARY KEY, total INTEGER NOT NULL DEFAULT 0, ${recordStates.map((state) => `${state} INTEGER NOT NULL DEFAULT 0 CHECK (${state} >= 0)`).join(', ')},
    CONSTRAINT counts_add_up CHECK (total = ${recordStates.join(' + ')})
  ) STRICT, WITHOUT ROWID;
  INSERT INTO run_tally (run_id, total, ${stateColumns})
    SELECT run_id, COUNT(*), ${recordStates.map((state) => `SUM(state = '${state}')`).join(', ')} FROM run_record GROUP BY run_id;
  CREATE TRIGGER run_record_counted AFTER INSERT ON run_record BEGIN
    INSERT INTO run_tally (run_id, total, ${stateColumns}) VALUES (NEW.run_id, 1, ${recordStates.map((state) => `NEW.state = '${state}'`).join(', ')})
    ON CONFLICT (run_id) DO UPDATE SET total = total + 1, ${recordStates.map((state) => `${state} = ${state} + excluded.${state}`).join(', ')};
  END;
  CREATE TRIGGER run_record_counted_again AFTER UPDATE OF state ON run_record WHEN OLD.state <> NEW.state BEGIN
    UPDATE run_tally SET ${recordStates.map((state) => `${state} = ${state} - (OLD.state = '${state}') + (NEW.state = '${state}')`).join(', ')} WHERE run_id = NEW.run_id;
  END;

  DROP TRIGGER run_record_succeeded_is_final;
  CREATE TRIGGER run_record_steps BEFORE UPDATE OF state ON run_record WHEN OLD.state || ' ' || NEW.state NOT IN (${stepsAllowed})
    BEGIN SELECT RAISE(ABORT, 'a record cannot take this step'); END;
  CREATE TRIGGER run_record_success_is_proved BEFORE UPDATE OF state ON run_record WHEN NEW.state = 'succeeded' AND (OLD.sent IS NULL OR NEW.salesforce_id IS NULL)
    BEGIN SELECT RAISE(ABORT, 'a record succeeds only after an intent, and with its Salesforce id'); END;
  CREATE TRIGGER run_completed_means_it BEFORE UPDATE OF body ON run
    WHEN json_extract(NEW.body, '$.state') = 'completed' AND EXISTS (SELECT 1 FROM run_tally WHERE run_id = NEW.id AND total <> succeeded + skipped)
    BEGIN SELECT RAISE(ABORT, 'a run with records that failed or are open is not completed'); END;
  CREATE TRIGGER run_ended_means_it BEFORE UPDATE OF body ON run
    WHEN json_extract(NEW.body, '$.state') = 'completed-with-errors' AND EXISTS (SELECT 1 FROM run_tally WHERE run_id = NEW.id AND planned + sending > 0)
    BEGIN SELECT RAISE(ABORT, 'a run with records that were not dealt with has not ended'); END;
  CREATE TRIGGER batch_completed_means_it BEFORE UPDATE OF state ON batch
    WHEN NEW.state = 'completed' AND EXISTS (
      SELECT 1 FROM run JOIN run_record r ON r.run_id = run.id WHERE run.batch_id = NEW.id AND r.superseded = 0 AND r.state NOT IN ('succeeded', 'skipped'))
    BEGIN SELECT RAISE(ABORT, 'a batch with records that failed or are open is not completed'); END;
  `,
  // How far the review has come, what was said, which fields are left out, and what was drawn at random.
  `
  CREATE TABLE review_mark (
    key TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('create', 'update')), content_hash TEXT NOT NULL,
    mark TEXT NOT NULL CHECK (mark IN (${listOf(reviewMarks)})), actor TEXT NOT NULL, at TEXT NOT NULL, change INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (key, kind)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO review_mark (key, kind, content_hash, mark, actor, at, change)
    SELECT key, kind, content_hash, 'viewed', '', '', ROW_NUMBER() OVER (ORDER BY key, kind) FROM viewed;
  DROP TABLE viewed;

  ALTER TABLE decision_step ADD COLUMN root TEXT;
  WITH RECURSIVE step (undo_id, root) AS (
    SELECT undo_id, undo_id FROM decision_step WHERE undoes IS NULL
    UNION ALL SELECT s.undo_id, step.root FROM decision_step s JOIN step ON s.undoes = step.undo_id
  )
  UPDATE decision_step SET root = (SELECT step.root FROM step WHERE step.undo_id = decision_step.undo_id);
  CREATE INDEX decision_step_root ON decision_step (root, position);
  CREATE INDEX decision_step_actor ON decision_step (actor, undone, position);

  CREATE TABLE comment (seq INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, content_hash TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE INDEX comment_key ON comment (key, seq);
  ${never('comment_no_update', 'UPDATE', 'comment')}
  ${never('comment_no_delete', 'DELETE', 'comment')}

  CREATE TABLE field_exclusion (
    key TEXT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, content_hash TEXT NOT NULL, reason TEXT, actor TEXT NOT NULL, at TEXT NOT NULL, undo_id TEXT NOT NULL,
    PRIMARY KEY (key, kind, field)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE field_exclusion_undo (
    undo_id TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, previous TEXT, left_by TEXT,
    PRIMARY KEY (undo_id, key, kind, field)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE bulk_approval (
    undo_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, snapshot_id TEXT NOT NULL, reason TEXT, actor TEXT NOT NULL, at TEXT NOT NULL,
    total INTEGER NOT NULL, written INTEGER NOT NULL DEFAULT 0, last_position INTEGER NOT NULL DEFAULT 0, bits BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sample (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, filter TEXT NOT NULL, seed TEXT NOT NULL, size INTEGER NOT NULL, snapshot_id TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sample_filter ON sample (filter, position);
  CREATE TABLE saved_view (name TEXT PRIMARY KEY, address TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
];
