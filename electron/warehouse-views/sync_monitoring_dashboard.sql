-- sync_monitoring_dashboard: what the source and the audit log can tell about the sync, one row per metric.
--
-- Rules
-- 1. value is numerator / denominator, a plain count has no denominator and is its own value. Nothing over zero is NULL.
-- 2. to_update_candidates are records that take values, changed or not: the effective changes are counted in the field diff.
-- 3. An ACTIVE property is blocked when it is neither to be created nor contributes to an update: a live record that follows
--    another property, or has no key, carries its group's production id.
-- 4. An ACTIVE property is missing when it does not contribute to an update: it is to be created, or blocked.
-- 5. multi_property_groups have an ACTIVE member and two or more properties of any status, multi_property_members are
--    the properties in them. A group is handled when one of its records is to be created or takes values.
-- 6. feature_accuracy compares each of the five flags, and each record's five together, with the mirror of Salesforce
--    (no value there counts as FALSE).
-- 7. error_rate_last_run is of the run that was started last, as far as its events are in the audit log: records that failed
--    out of records that have an outcome. The last outcome of a record counts. Without any run it is NULL.
-- 8. last_refresh and last_push are no counts but instants, in column at: when a snapshot was loaded last, and when a run
--    was finished last.
WITH updated_groups AS (
  SELECT DISTINCT u.sfdc_key FROM {{properties_to_update}} u WHERE u.sfdc_key IS NOT NULL
),
created_groups AS (
  SELECT c.sfdc_key FROM {{properties_to_create}} c WHERE c.sfdc_key IS NOT NULL
),
property_counts AS (
  SELECT
    COUNT(*) AS properties,
    COALESCE(SUM(CASE WHEN e.is_active THEN 1 ELSE 0 END), 0) AS active,
    COALESCE(SUM(CASE WHEN e.is_active AND e.sfdc_key IS NOT NULL
      AND u.sfdc_key IS NULL AND c.sfdc_key IS NULL THEN 1 ELSE 0 END), 0) AS blocked
  FROM {{rds_properties_enriched}} e
  LEFT JOIN updated_groups u ON u.sfdc_key = e.sfdc_key
  LEFT JOIN created_groups c ON c.sfdc_key = e.sfdc_key
),
create_counts AS (
  SELECT
    COUNT(*) AS to_create,
    COALESCE(SUM(CASE WHEN c.priority = 'P1' THEN 1 ELSE 0 END), 0) AS p1_waiting,
    COALESCE(SUM(c.active_property_count), 0) AS contributors
  FROM {{properties_to_create}} c
),
group_counts AS (
  SELECT COUNT(*) AS multi_groups, COALESCE(SUM(a.property_count), 0) AS multi_members
  FROM {{properties_aggregated_by_sfdc_id}} a
  WHERE a.property_count >= 2
),
matching_flags AS (
  SELECT
    CASE WHEN COALESCE(r.identity_verification_enabled_c, FALSE) = u.identity_verification_enabled THEN 1 ELSE 0 END
    + CASE WHEN COALESCE(r.bank_linking_enabled_c, FALSE) = u.bank_linking_enabled THEN 1 ELSE 0 END
    + CASE WHEN COALESCE(r.payroll_linking_enabled_c, FALSE) = u.payroll_linking_enabled THEN 1 ELSE 0 END
    + CASE WHEN COALESCE(r.income_verification_enabled_c, FALSE) = u.income_verification_enabled THEN 1 ELSE 0 END
    + CASE WHEN COALESCE(r.fraud_detection_enabled_c, FALSE) = u.fraud_detection_enabled THEN 1 ELSE 0 END AS flags
  FROM {{properties_to_update}} u
  JOIN {{product_property}} r ON r.id = u.record_id AND r.snappt_property_id_c = u.snappt_property_id
    AND r.is_deleted IS NOT TRUE
),
accuracy_counts AS (
  SELECT
    COUNT(*) AS records,
    COALESCE(SUM(CASE WHEN m.flags = 5 THEN 1 ELSE 0 END), 0) AS equal_records,
    COALESCE(SUM(m.flags), 0) AS equal_flags
  FROM matching_flags m
),
source_counts AS (
  SELECT COUNT(*) AS without_id
  FROM {{properties}} p
  WHERE COALESCE(btrim(p.id, ' ' || char(9) || char(13) || char(10)), '') = ''
),
handled_counts AS (
  SELECT COUNT(*) AS multi_groups
  FROM {{properties_aggregated_by_sfdc_id}} a
  LEFT JOIN updated_groups u ON u.sfdc_key = a.sfdc_key
  LEFT JOIN created_groups c ON c.sfdc_key = a.sfdc_key
  WHERE a.property_count >= 2 AND (u.sfdc_key IS NOT NULL OR c.sfdc_key IS NOT NULL)
),
started_runs AS (
  SELECT
    l.workspace_id,
    l.run_id,
    ROW_NUMBER() OVER (ORDER BY l.occurred_at DESC, l.sequence DESC, l.workspace_id ASC) AS recency
  FROM {{property_sync_audit_log}} l
  WHERE l.event_kind = 'run.started'
),
run_outcomes AS (
  SELECT
    l.outcome,
    ROW_NUMBER() OVER (PARTITION BY COALESCE(l.record_key, l.event_id) ORDER BY l.sequence DESC) AS recency
  FROM started_runs s
  JOIN {{property_sync_audit_log}} l ON l.workspace_id = s.workspace_id AND l.run_id = s.run_id
  WHERE s.recency = 1 AND l.event_kind = 'record.pushed'
),
run_counts AS (
  SELECT
    COUNT(*) AS processed,
    COALESCE(SUM(CASE WHEN o.outcome = 'failed' THEN 1 ELSE 0 END), 0) AS failed
  FROM run_outcomes o
  WHERE o.recency = 1
),
log_counts AS (
  SELECT
    COALESCE(SUM(CASE WHEN l.event_kind = 'run.started' THEN 1 ELSE 0 END), 0) AS runs,
    MAX(CASE WHEN l.event_kind = 'snapshot.loaded' THEN l.occurred_at END) AS refreshed_at,
    MAX(CASE WHEN l.event_kind = 'run.finished' THEN l.occurred_at END) AS pushed_at
  FROM {{property_sync_audit_log}} l
  WHERE l.event_kind IN ('run.started', 'snapshot.loaded', 'run.finished')
),
metrics AS (
  SELECT 'to_create' AS metric, to_create AS numerator, NULL AS denominator, NULL AS at FROM create_counts
  UNION ALL SELECT 'p1_waiting', p1_waiting, NULL, NULL FROM create_counts
  UNION ALL SELECT 'to_update_candidates', COUNT(*), NULL, NULL FROM {{properties_to_update}}
  UNION ALL SELECT 'properties', properties, NULL, NULL FROM property_counts
  UNION ALL SELECT 'properties_without_id', without_id, NULL, NULL FROM source_counts
  UNION ALL SELECT 'active_properties', active, NULL, NULL FROM property_counts
  UNION ALL SELECT 'active_missing', c.contributors + p.blocked, NULL, NULL FROM create_counts c CROSS JOIN property_counts p
  UNION ALL SELECT 'blocked_properties', blocked, NULL, NULL FROM property_counts
  UNION ALL SELECT 'coverage', p.active - c.contributors - p.blocked, p.active, NULL
    FROM create_counts c CROSS JOIN property_counts p
  UNION ALL SELECT 'multi_property_groups', multi_groups, NULL, NULL FROM group_counts
  UNION ALL SELECT 'multi_property_members', multi_members, NULL, NULL FROM group_counts
  UNION ALL SELECT 'feature_accuracy_records', equal_records, records, NULL FROM accuracy_counts
  UNION ALL SELECT 'feature_accuracy_flags', equal_flags, records * 5, NULL FROM accuracy_counts
  UNION ALL SELECT 'multi_property_groups_handled', h.multi_groups, g.multi_groups, NULL FROM handled_counts h CROSS JOIN group_counts g
  UNION ALL SELECT 'error_rate_last_run', CASE WHEN l.runs > 0 THEN r.failed END, CASE WHEN l.runs > 0 THEN r.processed END, NULL
    FROM run_counts r CROSS JOIN log_counts l
  UNION ALL SELECT 'last_refresh', NULL, NULL, refreshed_at FROM log_counts
  UNION ALL SELECT 'last_push', NULL, NULL, pushed_at FROM log_counts
)
SELECT
  m.metric,
  CASE
    WHEN m.denominator IS NULL THEN CAST(m.numerator AS DOUBLE)
    ELSE CAST(m.numerator AS DOUBLE) / CAST(NULLIF(m.denominator, 0) AS DOUBLE)
  END AS value,
  m.numerator,
  m.denominator,
  m.at
FROM metrics m
