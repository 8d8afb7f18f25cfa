/** `CSCA` in ASCII: marks a file as Countersign's cache. */
export const applicationId = 0x43534341;
export const schemaVersion = 2;

/** Tables that a refresh replaces as a whole, in the form in which they are filled: without their indexes. */
export const tablesSql = `
CREATE TABLE snapshot (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  facts TEXT NOT NULL,
  mapping TEXT NOT NULL,
  metrics TEXT NOT NULL,
  checked_org INTEGER NOT NULL
) STRICT;

CREATE TABLE property (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT,
  status TEXT,
  is_active INTEGER NOT NULL,
  updated_at TEXT,
  sfdc_id TEXT,
  sfdc_id_raw TEXT,
  sfdc_key TEXT,
  source_row_count INTEGER NOT NULL,
  on_mask INTEGER NOT NULL,
  undated_mask INTEGER NOT NULL,
  latest_date TEXT,
  suffix_is_right INTEGER NOT NULL,
  rest TEXT NOT NULL,
  cells TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staging (
  record_id TEXT NOT NULL,
  key TEXT,
  production_id TEXT,
  production_key TEXT,
  is_live INTEGER NOT NULL
) STRICT;

CREATE TABLE candidate (
  position INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  record_id TEXT,
  group_key TEXT,
  primary_id TEXT,
  is_pending INTEGER NOT NULL,
  on_mask INTEGER NOT NULL,
  flags_changed INTEGER NOT NULL,
  blank_mask INTEGER NOT NULL,
  kept TEXT,
  UNIQUE (kind, key)
) STRICT;

CREATE TABLE contribution (
  position INTEGER NOT NULL,
  property_id TEXT NOT NULL,
  is_contributor INTEGER NOT NULL
) STRICT;

CREATE TABLE pending (
  position INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  priority TEXT NOT NULL,
  risk INTEGER NOT NULL DEFAULT 0,
  blockers INTEGER NOT NULL DEFAULT 0,
  warnings INTEGER NOT NULL DEFAULT 0,
  changed_mask INTEGER NOT NULL,
  on_mask INTEGER NOT NULL,
  change_count INTEGER NOT NULL,
  contributor_count INTEGER NOT NULL,
  member_count INTEGER NOT NULL,
  check_ids TEXT NOT NULL DEFAULT '',
  content_hash TEXT NOT NULL,
  state TEXT,
  company TEXT,
  name TEXT,
  sort_name TEXT NOT NULL,
  record_id TEXT,
  production_id TEXT,
  group_key TEXT,
  primary_id TEXT,
  transitions TEXT NOT NULL
) STRICT;

CREATE TABLE pending_body (
  position INTEGER PRIMARY KEY,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  changes TEXT NOT NULL,
  winners TEXT NOT NULL,
  contributors TEXT NOT NULL,
  ignored TEXT NOT NULL
) STRICT;

CREATE TABLE pending_check (
  position INTEGER NOT NULL,
  check_id TEXT NOT NULL,
  detail TEXT,
  PRIMARY KEY (position, check_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE check_hit (
  check_id TEXT NOT NULL,
  key TEXT NOT NULL,
  kind TEXT,
  detail TEXT
) STRICT;

CREATE TABLE review_column (
  name TEXT NOT NULL,
  part INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (name, part)
) STRICT;

CREATE TABLE review_class (
  id INTEGER PRIMARY KEY,
  facts TEXT NOT NULL
) STRICT;

CREATE TABLE review_value (
  name TEXT NOT NULL,
  id INTEGER NOT NULL,
  value TEXT,
  PRIMARY KEY (name, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE since_last (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('added', 'changed', 'removed')),
  name TEXT,
  fields TEXT NOT NULL DEFAULT '[]',
  fallen TEXT,
  fallen_by TEXT,
  fallen_at TEXT,
  fallen_reason TEXT,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
`;

/** Indexes of properties and staging records, built once these are there. The first answers questions about groups by itself. */
export const sourceIndexesSql = `
CREATE INDEX property_by_group ON property (sfdc_key, is_active, on_mask) WHERE sfdc_key IS NOT NULL;
CREATE INDEX staging_by_key ON staging (key);
CREATE INDEX staging_by_production_id ON staging (production_key) WHERE production_key IS NOT NULL;
`;

/** Indexes of the changes that the checks need, built once all changes are there. */
export const changeIndexesSql = `
CREATE INDEX candidate_by_group ON candidate (group_key, on_mask) WHERE group_key IS NOT NULL;
CREATE INDEX contribution_by_property ON contribution (property_id, position, is_contributor);
CREATE INDEX contribution_by_change ON contribution (position, is_contributor);
CREATE UNIQUE INDEX pending_by_key ON pending (key, kind);
`;

/** What lists the findings of a check, built once all are there. Pages and facets need no index here: they have the columns of the review. */
export const checkIndexesSql = `
CREATE INDEX check_hit_by_check ON check_hit (check_id, key);
`;

/** All indexes, for a file that is made empty. */
export const indexesSql = sourceIndexesSql + changeIndexesSql + checkIndexesSql;

/** The tables of `tablesSql`, for emptying the file before it is filled anew. */
export const tableNames = ['snapshot', 'property', 'staging', 'candidate', 'contribution', 'pending', 'pending_body', 'pending_check', 'check_hit', 'review_column', 'review_class', 'review_value', 'since_last'] as const;
