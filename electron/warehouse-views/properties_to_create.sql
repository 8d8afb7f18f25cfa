-- properties_to_create: what Salesforce does not have yet, one row per record to create.
--
-- Rules
-- 1. A staging record is live unless it is marked deleted. A property is represented when a live record has its id as key,
--    letter by letter.
-- 2. An ACTIVE property without a valid production id that is not represented: one row with its own values.
-- 3. A group (one production id with at least one ACTIVE member): one row with the aggregated values, keyed by its primary,
--    only if no member of any status is represented and no live record carries the group's production id.
-- 4. A production id that a record carries is valid, and compared, by the same rule as a property's own.
-- 5. Priority is P1 when at least one feature is on, else P3.
WITH live AS (
  SELECT
    r.snappt_property_id_c AS property_id,
    CASE
      WHEN LENGTH(btrim(r.sf_property_id_c, ' ' || char(9) || char(13) || char(10))) IN (15, 18)
      THEN SUBSTR(btrim(r.sf_property_id_c, ' ' || char(9) || char(13) || char(10)), 1, 15)
    END AS carried_key
  FROM {{product_property}} r
  WHERE r.is_deleted IS NOT TRUE
),
represented AS (
  SELECT DISTINCT l.property_id FROM live l WHERE l.property_id IS NOT NULL
),
taken_groups AS (
  SELECT e.sfdc_key
  FROM represented s
  JOIN {{rds_properties_enriched}} e ON e.property_id = s.property_id
  WHERE e.sfdc_key IS NOT NULL
  UNION
  SELECT l.carried_key FROM live l WHERE l.carried_key IS NOT NULL
)
SELECT
  e.property_id AS snappt_property_id,
  e.sfdc_key,
  e.name,
  e.address,
  e.city,
  e.state,
  e.zip,
  e.company_id,
  e.company_name,
  e.identity_verification_enabled,
  e.identity_verification_enabled_at,
  CASE WHEN e.identity_verification_enabled THEN e.property_id END AS identity_verification_enabled_winner_id,
  CASE WHEN e.identity_verification_enabled_at IS NOT NULL THEN e.property_id END AS identity_verification_enabled_at_winner_id,
  e.bank_linking_enabled,
  e.bank_linking_enabled_at,
  CASE WHEN e.bank_linking_enabled THEN e.property_id END AS bank_linking_enabled_winner_id,
  CASE WHEN e.bank_linking_enabled_at IS NOT NULL THEN e.property_id END AS bank_linking_enabled_at_winner_id,
  e.payroll_linking_enabled,
  e.payroll_linking_enabled_at,
  CASE WHEN e.payroll_linking_enabled THEN e.property_id END AS payroll_linking_enabled_winner_id,
  CASE WHEN e.payroll_linking_enabled_at IS NOT NULL THEN e.property_id END AS payroll_linking_enabled_at_winner_id,
  e.income_verification_enabled,
  e.income_verification_enabled_at,
  CASE WHEN e.income_verification_enabled THEN e.property_id END AS income_verification_enabled_winner_id,
  CASE WHEN e.income_verification_enabled_at IS NOT NULL THEN e.property_id END AS income_verification_enabled_at_winner_id,
  e.fraud_detection_enabled,
  e.fraud_detection_enabled_at,
  CASE WHEN e.fraud_detection_enabled THEN e.property_id END AS fraud_detection_enabled_winner_id,
  CASE WHEN e.fraud_detection_enabled_at IS NOT NULL THEN e.property_id END AS fraud_detection_enabled_at_winner_id,
  1 AS active_property_count,
  1 AS property_count,
  to_json(array(e.property_id)) AS contributing_property_ids,
  '[]' AS ignored_property_ids,
  e.property_id AS primary_property_id,
  e.feature_count,
  CASE WHEN e.feature_count > 0 THEN 'P1' ELSE 'P3' END AS priority
FROM {{rds_properties_enriched}} e
LEFT JOIN represented s ON s.property_id = e.property_id
WHERE e.is_active AND e.sfdc_key IS NULL AND s.property_id IS NULL
UNION ALL
SELECT
  a.primary_property_id AS snappt_property_id,
  a.sfdc_key,
  a.name,
  a.address,
  a.city,
  a.state,
  a.zip,
  a.company_id,
  a.company_name,
  a.identity_verification_enabled,
  a.identity_verification_enabled_at,
  a.identity_verification_enabled_winner_id,
  a.identity_verification_enabled_at_winner_id,
  a.bank_linking_enabled,
  a.bank_linking_enabled_at,
  a.bank_linking_enabled_winner_id,
  a.bank_linking_enabled_at_winner_id,
  a.payroll_linking_enabled,
  a.payroll_linking_enabled_at,
  a.payroll_linking_enabled_winner_id,
  a.payroll_linking_enabled_at_winner_id,
  a.income_verification_enabled,
  a.income_verification_enabled_at,
  a.income_verification_enabled_winner_id,
  a.income_verification_enabled_at_winner_id,
  a.fraud_detection_enabled,
  a.fraud_detection_enabled_at,
  a.fraud_detection_enabled_winner_id,
  a.fraud_detection_enabled_at_winner_id,
  a.active_property_count,
  a.property_count,
  a.contributing_property_ids,
  a.ignored_property_ids,
  a.primary_property_id,
  a.feature_count,
  CASE WHEN a.feature_count > 0 THEN 'P1' ELSE 'P3' END AS priority
FROM {{properties_aggregated_by_sfdc_id}} a
LEFT JOIN taken_groups t ON t.sfdc_key = a.sfdc_key
WHERE t.sfdc_key IS NULL
