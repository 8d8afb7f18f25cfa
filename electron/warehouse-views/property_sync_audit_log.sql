-- property_sync_audit_log: append-only table of audit events, one row per event id.
--
-- Rules
-- 1. A row is written once and never changed or deleted. Appending an event id that is already there does nothing.
-- 2. Each event holds the hash of the one before it in its workspace (sequence gives the order), so that any edit, gap or
--    reordering shows.
-- 3. payload is the event itself as canonical JSON: the text over which event_hash was computed.
-- 4. Instants are ISO 8601 text in UTC, so that they sort and compare as text.
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
  payload STRING NOT NULL
)
