-- properties_to_update: every live staging record that takes values, one row per record.
--
-- Rules
-- 1. A staging record is live unless it is marked deleted. A record without key takes nothing.
-- 2. A record whose property has a valid production id takes the aggregate of that group. Without an ACTIVE member it takes
--    nothing, whatever production id it carries itself.
-- 3. A record whose property is ACTIVE without a valid production id takes that property's own values.
-- 4. A record whose property is unknown, or is not ACTIVE and has no valid production id, takes the aggregate of the group
--    whose production id it carries.
-- 5. Several records of one group each take the same values.
-- 6. These are candidates: whether a value differs from what Salesforce holds is seen in the field diff.
WITH live AS (
  SELECT
    r.id AS record_id,
    r.snappt_property_id_c AS snappt_property_id,
    CASE
      WHEN LENGTH(btrim(r.sf_property_id_c, ' ' || char(9) || char(13) || char(10))) IN (15, 18)
      THEN SUBSTR(btrim(r.sf_property_id_c, ' ' || char(9) || char(13) || char(10)), 1, 15)
    END AS carried_key
  FROM {{product_property}} r
  WHERE r.is_deleted IS NOT TRUE AND btrim(r.snappt_property_id_c, ' ' || char(9) || char(13) || char(10)) <> ''
),
matched AS (
  SELECT
    l.record_id,
    l.snappt_property_id,
    CASE
      WHEN e.sfdc_key IS NOT NULL THEN e.sfdc_key
      WHEN e.is_active IS TRUE THEN NULL
      ELSE l.carried_key
    END AS group_key,
    (e.is_active IS TRUE AND e.sfdc_key IS NULL) AS takes_own_values
  FROM live l
  LEFT JOIN {{rds_properties_enriched}} e ON e.property_id = l.snappt_property_id
)
SELECT
  m.snappt_property_id AS snappt_property_id,
  m.record_id,
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
  a.feature_count
FROM matched m
JOIN {{properties_aggregated_by_sfdc_id}} a ON a.sfdc_key = m.group_key
UNION ALL
SELECT
  m.snappt_property_id AS snappt_property_id,
  m.record_id,
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
  e.feature_count
FROM matched m
JOIN {{rds_properties_enriched}} e ON e.property_id = m.snappt_property_id
WHERE m.takes_own_values
