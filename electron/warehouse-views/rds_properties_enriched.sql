-- rds_properties_enriched: one row per property id, with one flag and one date per feature.
--
-- Rules
-- 1. A property is ACTIVE only when its status is exactly ACTIVE.
-- 2. Blank means NULL, empty, or nothing but spaces, tabs and line ends. Texts lose white space at both ends,
--    what is blank then is NULL. The id is taken letter by letter, a row with a blank id is no property.
-- 3. A production id is valid with 15 or 18 characters once white space at its ends is removed. Any other value
--    counts as none. Its first 15 characters (letter case included) are its key: the two forms are one id.
--    The value as it stands stays readable in sfdc_id_raw.
-- 4. One id in several rows: the most recently updated row counts (no date is oldest), then the smallest by every
--    other column in order. source_row_count tells how many rows there were.
-- 5. A feature is enabled when any of its rows is enabled, its date is the earliest of the enabled rows. The date of a
--    row that is not enabled says nothing. Rows of other feature codes or of unknown properties have no effect.
-- 6. feature_count is the number of the five flags that are TRUE.
WITH numbered AS (
  SELECT
    p.id, p.name, p.address, p.city, p.state, p.zip, p.company_id, p.company_name, p.status, p.sfdc_id,
    btrim(p.sfdc_id, ' ' || char(9) || char(13) || char(10)) AS sfdc_id_stripped,
    p.created_at, p.updated_at,
    ROW_NUMBER() OVER (
      PARTITION BY p.id
      ORDER BY
        p.updated_at DESC NULLS LAST,
        p.name ASC NULLS FIRST,
        p.address ASC NULLS FIRST,
        p.city ASC NULLS FIRST,
        p.state ASC NULLS FIRST,
        p.zip ASC NULLS FIRST,
        p.company_id ASC NULLS FIRST,
        p.company_name ASC NULLS FIRST,
        p.status ASC NULLS FIRST,
        p.sfdc_id ASC NULLS FIRST,
        p.created_at ASC NULLS FIRST
    ) AS row_rank,
    COUNT(*) OVER (PARTITION BY p.id) AS source_row_count
  FROM {{properties}} p
  WHERE btrim(p.id, ' ' || char(9) || char(13) || char(10)) <> ''
),
stripped AS (
  SELECT
    n.id AS property_id,
    NULLIF(btrim(n.name, ' ' || char(9) || char(13) || char(10)), '') AS name,
    NULLIF(btrim(n.address, ' ' || char(9) || char(13) || char(10)), '') AS address,
    NULLIF(btrim(n.city, ' ' || char(9) || char(13) || char(10)), '') AS city,
    NULLIF(btrim(n.state, ' ' || char(9) || char(13) || char(10)), '') AS state,
    NULLIF(btrim(n.zip, ' ' || char(9) || char(13) || char(10)), '') AS zip,
    NULLIF(btrim(n.company_id, ' ' || char(9) || char(13) || char(10)), '') AS company_id,
    NULLIF(btrim(n.company_name, ' ' || char(9) || char(13) || char(10)), '') AS company_name,
    n.status,
    COALESCE(n.status = 'ACTIVE', FALSE) AS is_active,
    n.sfdc_id_stripped,
    n.sfdc_id AS sfdc_id_raw,
    n.created_at,
    n.updated_at,
    n.source_row_count
  FROM numbered n
  WHERE n.row_rank = 1
),
enabled_features AS (
  SELECT
    f.property_id,
    MAX(CASE WHEN f.feature_code = 'identity_verification' THEN 1 ELSE 0 END) AS identity_verification,
    MAX(CASE WHEN f.feature_code = 'bank_linking' THEN 1 ELSE 0 END) AS bank_linking,
    MAX(CASE WHEN f.feature_code = 'payroll_linking' THEN 1 ELSE 0 END) AS payroll_linking,
    MAX(CASE WHEN f.feature_code = 'income_verification' THEN 1 ELSE 0 END) AS income_verification,
    MAX(CASE WHEN f.feature_code = 'fraud_detection' THEN 1 ELSE 0 END) AS fraud_detection,
    MIN(CASE WHEN f.feature_code = 'identity_verification' THEN f.enabled_at END) AS identity_verification_at,
    MIN(CASE WHEN f.feature_code = 'bank_linking' THEN f.enabled_at END) AS bank_linking_at,
    MIN(CASE WHEN f.feature_code = 'payroll_linking' THEN f.enabled_at END) AS payroll_linking_at,
    MIN(CASE WHEN f.feature_code = 'income_verification' THEN f.enabled_at END) AS income_verification_at,
    MIN(CASE WHEN f.feature_code = 'fraud_detection' THEN f.enabled_at END) AS fraud_detection_at
  FROM {{property_features}} f
  WHERE f.enabled IS TRUE
  GROUP BY f.property_id
)
SELECT
  s.property_id,
  s.name,
  s.address,
  s.city,
  s.state,
  s.zip,
  s.company_id,
  s.company_name,
  s.status,
  s.is_active,
  CASE WHEN LENGTH(s.sfdc_id_stripped) IN (15, 18) THEN s.sfdc_id_stripped END AS sfdc_id,
  s.sfdc_id_raw,
  CASE WHEN LENGTH(s.sfdc_id_stripped) IN (15, 18) THEN SUBSTR(s.sfdc_id_stripped, 1, 15) END AS sfdc_key,
  s.created_at,
  s.updated_at,
  COALESCE(e.identity_verification, 0) = 1 AS identity_verification_enabled,
  e.identity_verification_at AS identity_verification_enabled_at,
  COALESCE(e.bank_linking, 0) = 1 AS bank_linking_enabled,
  e.bank_linking_at AS bank_linking_enabled_at,
  COALESCE(e.payroll_linking, 0) = 1 AS payroll_linking_enabled,
  e.payroll_linking_at AS payroll_linking_enabled_at,
  COALESCE(e.income_verification, 0) = 1 AS income_verification_enabled,
  e.income_verification_at AS income_verification_enabled_at,
  COALESCE(e.fraud_detection, 0) = 1 AS fraud_detection_enabled,
  e.fraud_detection_at AS fraud_detection_enabled_at,
  COALESCE(e.identity_verification, 0)
    + COALESCE(e.bank_linking, 0)
    + COALESCE(e.payroll_linking, 0)
    + COALESCE(e.income_verification, 0)
    + COALESCE(e.fraud_detection, 0) AS feature_count,
  s.source_row_count
FROM stripped s
LEFT JOIN enabled_features e ON e.property_id = s.property_id
