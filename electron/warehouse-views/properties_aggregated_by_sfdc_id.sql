-- properties_aggregated_by_sfdc_id: one row per production id with at least one ACTIVE property.
--
-- Rules
-- 1. A group is every property with one valid production id (equal first 15 characters), whatever its status.
--    A group without an ACTIVE member has no row here.
-- 2. Contributors are the ACTIVE members. The others are listed as ignored and never give a value.
-- 3. The primary is the contributor most recently updated (no date is oldest), then the one with the smallest id.
--    Name, address, company and so on come from the primary, also when they are blank there (rule primary).
-- 4. A flag is TRUE when any contributor has the feature (rule any). Its winner is the contributor that has the feature
--    with the earliest date (no date last), then the smallest id. FALSE has no winner.
-- 5. A feature date is the earliest date among contributors that have the feature (rule earliest). Its winner is
--    the contributor with that date, then the smallest id. No date has no winner.
-- 6. The production id is shown in its 18-character form when any member has it, else in the 15-character form.
WITH members AS (
  SELECT
    m.sfdc_key,
    m.sfdc_id,
    m.property_id,
    m.is_active,
    m.name,
    m.address,
    m.city,
    m.state,
    m.zip,
    m.company_id,
    m.company_name,
    m.is_active AND m.identity_verification_enabled AS identity_verification,
    m.identity_verification_enabled_at,
    MIN(CASE WHEN m.is_active AND m.identity_verification_enabled THEN m.identity_verification_enabled_at END) OVER primary_first AS identity_verification_at,
    m.is_active AND m.bank_linking_enabled AS bank_linking,
    m.bank_linking_enabled_at,
    MIN(CASE WHEN m.is_active AND m.bank_linking_enabled THEN m.bank_linking_enabled_at END) OVER primary_first AS bank_linking_at,
    m.is_active AND m.payroll_linking_enabled AS payroll_linking,
    m.payroll_linking_enabled_at,
    MIN(CASE WHEN m.is_active AND m.payroll_linking_enabled THEN m.payroll_linking_enabled_at END) OVER primary_first AS payroll_linking_at,
    m.is_active AND m.income_verification_enabled AS income_verification,
    m.income_verification_enabled_at,
    MIN(CASE WHEN m.is_active AND m.income_verification_enabled THEN m.income_verification_enabled_at END) OVER primary_first AS income_verification_at,
    m.is_active AND m.fraud_detection_enabled AS fraud_detection,
    m.fraud_detection_enabled_at,
    MIN(CASE WHEN m.is_active AND m.fraud_detection_enabled THEN m.fraud_detection_enabled_at END) OVER primary_first AS fraud_detection_at,
    FIRST_VALUE(m.property_id) OVER primary_first AS primary_property_id
  FROM {{rds_properties_enriched}} m
  WHERE m.sfdc_key IS NOT NULL
  WINDOW primary_first AS (
    PARTITION BY m.sfdc_key
    ORDER BY m.is_active DESC, m.updated_at DESC NULLS LAST, m.property_id
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
  )
),
grouped AS (
  SELECT
    m.sfdc_key,
    COALESCE(MIN(CASE WHEN LENGTH(m.sfdc_id) = 18 THEN m.sfdc_id END), m.sfdc_key) AS sfdc_id,
    MAX(m.primary_property_id) AS primary_property_id,
    MAX(CASE WHEN m.property_id = m.primary_property_id THEN m.name END) AS name,
    MAX(CASE WHEN m.property_id = m.primary_property_id THEN m.address END) AS address,
    MAX(CASE WHEN m.property_id = m.primary_property_id THEN m.city END) AS city,
    MAX(CASE WHEN m.property_id = m.primary_property_id THEN m.state END) AS state,
    MAX(CASE WHEN m.property_id = m.primary_property_id THEN m.zip END) AS zip,
    MAX(CASE WHEN m.property_id = m.primary_property_id THEN m.company_id END) AS company_id,
    MAX(CASE WHEN m.property_id = m.primary_property_id THEN m.company_name END) AS company_name,
    MAX(CASE WHEN m.identity_verification THEN 1 ELSE 0 END) AS identity_verification,
    MAX(m.identity_verification_at) AS identity_verification_at,
    MIN(CASE WHEN m.identity_verification AND m.identity_verification_enabled_at IS NOT DISTINCT FROM m.identity_verification_at THEN m.property_id END) AS identity_verification_winner_id,
    MAX(CASE WHEN m.bank_linking THEN 1 ELSE 0 END) AS bank_linking,
    MAX(m.bank_linking_at) AS bank_linking_at,
    MIN(CASE WHEN m.bank_linking AND m.bank_linking_enabled_at IS NOT DISTINCT FROM m.bank_linking_at THEN m.property_id END) AS bank_linking_winner_id,
    MAX(CASE WHEN m.payroll_linking THEN 1 ELSE 0 END) AS payroll_linking,
    MAX(m.payroll_linking_at) AS payroll_linking_at,
    MIN(CASE WHEN m.payroll_linking AND m.payroll_linking_enabled_at IS NOT DISTINCT FROM m.payroll_linking_at THEN m.property_id END) AS payroll_linking_winner_id,
    MAX(CASE WHEN m.income_verification THEN 1 ELSE 0 END) AS income_verification,
    MAX(m.income_verification_at) AS income_verification_at,
    MIN(CASE WHEN m.income_verification AND m.income_verification_enabled_at IS NOT DISTINCT FROM m.income_verification_at THEN m.property_id END) AS income_verification_winner_id,
    MAX(CASE WHEN m.fraud_detection THEN 1 ELSE 0 END) AS fraud_detection,
    MAX(m.fraud_detection_at) AS fraud_detection_at,
    MIN(CASE WHEN m.fraud_detection AND m.fraud_detection_enabled_at IS NOT DISTINCT FROM m.fraud_detection_at THEN m.property_id END) AS fraud_detection_winner_id,
    SUM(CASE WHEN m.is_active THEN 1 ELSE 0 END) AS active_property_count,
    COUNT(*) AS property_count,
    to_json(array_sort(collect_list(CASE WHEN m.is_active THEN m.property_id END))) AS contributing_property_ids,
    to_json(array_sort(collect_list(CASE WHEN NOT m.is_active THEN m.property_id END))) AS ignored_property_ids
  FROM members m
  GROUP BY m.sfdc_key
  HAVING SUM(CASE WHEN m.is_active THEN 1 ELSE 0 END) > 0
)
SELECT
  g.sfdc_key,
  g.sfdc_id,
  g.name,
  g.address,
  g.city,
  g.state,
  g.zip,
  g.company_id,
  g.company_name,
  g.identity_verification = 1 AS identity_verification_enabled,
  g.identity_verification_at AS identity_verification_enabled_at,
  g.identity_verification_winner_id AS identity_verification_enabled_winner_id,
  CASE WHEN g.identity_verification_at IS NOT NULL THEN g.identity_verification_winner_id END AS identity_verification_enabled_at_winner_id,
  g.bank_linking = 1 AS bank_linking_enabled,
  g.bank_linking_at AS bank_linking_enabled_at,
  g.bank_linking_winner_id AS bank_linking_enabled_winner_id,
  CASE WHEN g.bank_linking_at IS NOT NULL THEN g.bank_linking_winner_id END AS bank_linking_enabled_at_winner_id,
  g.payroll_linking = 1 AS payroll_linking_enabled,
  g.payroll_linking_at AS payroll_linking_enabled_at,
  g.payroll_linking_winner_id AS payroll_linking_enabled_winner_id,
  CASE WHEN g.payroll_linking_at IS NOT NULL THEN g.payroll_linking_winner_id END AS payroll_linking_enabled_at_winner_id,
  g.income_verification = 1 AS income_verification_enabled,
  g.income_verification_at AS income_verification_enabled_at,
  g.income_verification_winner_id AS income_verification_enabled_winner_id,
  CASE WHEN g.income_verification_at IS NOT NULL THEN g.income_verification_winner_id END AS income_verification_enabled_at_winner_id,
  g.fraud_detection = 1 AS fraud_detection_enabled,
  g.fraud_detection_at AS fraud_detection_enabled_at,
  g.fraud_detection_winner_id AS fraud_detection_enabled_winner_id,
  CASE WHEN g.fraud_detection_at IS NOT NULL THEN g.fraud_detection_winner_id END AS fraud_detection_enabled_at_winner_id,
  g.active_property_count,
  g.property_count,
  g.contributing_property_ids,
  g.ignored_property_ids,
  g.primary_property_id,
  g.identity_verification + g.bank_linking + g.payroll_linking + g.income_verification + g.fraud_detection AS feature_count
FROM grouped g
