-- property_sync_audit_log: append-only table of audit events, one row per event id.
--
-- Rules
-- 1. A row is written once and never changed or deleted. Appending an event id that is already there does nothing.
-- 2. Each event holds the hash of the one before it in its workspace (sequence gives the order), so that any edit, gap or
--    reordering shows.
-- 3. payload is the event itself as canonical JSON: the text over which event_hash was computed.
-- 4. Instants are ISO 8601 text in UTC, so that they sort and compare as text.
-- 5. What no audit event can look like is refused by the constraints: a blank id, a sequence before the first, an instant of
--    another form, a hash that is no SHA-256.
-- A warehouse that takes no constraint with a table gets each by a statement of its own: they stand last, one a line.
-- The short texts are VARCHAR because a column of type STRING turns digits into numbers in SQLite.
CREATE TABLE IF NOT EXISTS {{property_sync_audit_log}} (
  event_id VARCHAR(64) NOT NULL,
  workspace_id VARCHAR(64) NOT NULL,
  sequence BIGINT NOT NULL,
  occurred_at VARCHAR(32) NOT NULL,
  event_kind VARCHAR(64) NOT NULL,
  actor VARCHAR(255) NOT NULL,
  record_key VARCHAR(255),
  batch_id VARCHAR(64),
  run_id VARCHAR(64),
  salesforce_id VARCHAR(32),
  outcome VARCHAR(32),
  previous_hash VARCHAR(64) NOT NULL,
  event_hash VARCHAR(64) NOT NULL,
  payload STRING NOT NULL,
  CONSTRAINT event_id_is_given CHECK (TRIM(event_id) <> ''),
  CONSTRAINT workspace_id_is_given CHECK (TRIM(workspace_id) <> ''),
  CONSTRAINT sequence_begins_with_one CHECK (sequence >= 1),
  CONSTRAINT occurred_at_is_an_instant CHECK (LENGTH(occurred_at) = 24),
  CONSTRAINT previous_hash_is_sha256 CHECK (LENGTH(previous_hash) = 64),
  CONSTRAINT event_hash_is_sha256 CHECK (LENGTH(event_hash) = 64)
)
