import type { CheckResult, Severity } from '../../../shared/domain/check.ts';

/** What a check is, apart from what it found. */
export interface CheckDefinition {
  severity: Severity;
  subject: CheckResult['subject'];
  meaning: string;
  fix: string;
}

/** The validation suite and the org preflight, blockers first. The SQL of each is in the cache. */
export const checkCatalog = {
  'duplicate-key': {
    severity: 'blocker',
    subject: 'property',
    meaning: 'One RDS id stands in more than one row of the source, so one of several values was taken.',
    fix: 'Remove the surplus rows in RDS, then refresh.',
  },
  'duplicate-staging-key': {
    severity: 'blocker',
    subject: 'record',
    meaning: 'More than one live staging record has the same key. Only the first of them is compared.',
    fix: 'Delete the surplus record in Salesforce, or correct its external id.',
  },
  'missing-name': {
    severity: 'blocker',
    subject: 'pending',
    meaning: 'A create has no value for a field that a record cannot be saved without.',
    fix: 'Fill the value in RDS, or exclude the create.',
  },
  'already-in-org': {
    severity: 'blocker',
    subject: 'pending',
    meaning: 'The org already has a record with the key of this create, which the warehouse does not know of.',
    fix: 'Refresh the mirror of the staging object in the warehouse, then refresh the snapshot. It becomes an update.',
  },
  'key-white-space': {
    severity: 'blocker',
    subject: 'pending',
    meaning: 'The key of a create begins or ends with white space. Salesforce would store it without, and never find the record again.',
    fix: 'Correct the id in RDS, or exclude the create.',
  },
  'blocked-property': {
    severity: 'blocker',
    subject: 'property',
    meaning: 'An ACTIVE property is neither to be created nor contributes to an update.',
    fix: 'Look at the staging record that carries its production id: correct that id, or give the record its key.',
  },
  'sets-overlap': {
    severity: 'blocker',
    subject: 'property',
    meaning: 'A property takes part in a create and in an update at once.',
    fix: 'Compare the deployed views with the ones in the repository.',
  },
  'union-rule': {
    severity: 'blocker',
    subject: 'pending',
    meaning: 'A feature flag differs from what its ACTIVE contributors say when it is computed again, independently of the views.',
    fix: 'Compare the deployed views with the ones in the repository.',
  },
  'inactive-contributor': {
    severity: 'blocker',
    subject: 'pending',
    meaning: 'Worked case Park Kennedy: a property that is not ACTIVE gives a value to its group.',
    fix: 'Compare the deployed views with the ones in the repository.',
  },
  'p1-accounted': {
    severity: 'blocker',
    subject: 'property',
    meaning: 'An ACTIVE property with a feature that Salesforce does not have is in no create with priority P1, in no update, and not blocked.',
    fix: 'Compare the deployed views with the ones in the repository.',
  },
  'text-too-long': {
    severity: 'blocker',
    subject: 'pending',
    meaning: 'A proposed text is longer than its Salesforce field.',
    fix: 'Shorten the value in RDS, or lengthen the field.',
  },
  'picklist-value': {
    severity: 'blocker',
    subject: 'pending',
    meaning: 'A proposed value is not one that the restricted picklist accepts.',
    fix: 'Add the value to the picklist, or correct it in RDS.',
  },
  'field-missing': {
    severity: 'blocker',
    subject: 'field',
    meaning: 'A field of the mapping does not exist in the org, or this user cannot see it.',
    fix: 'Create the field, give this user access, or take it out of the mapping.',
  },
  'field-not-writable': {
    severity: 'blocker',
    subject: 'field',
    meaning: 'A field of the mapping cannot be written by this user.',
    fix: 'Give this user edit access to the field and the object.',
  },
  'field-type': {
    severity: 'blocker',
    subject: 'field',
    meaning: 'A field of the mapping has another type in the org.',
    fix: 'Correct the mapping or the field.',
  },
  'key-not-unique': {
    severity: 'blocker',
    subject: 'field',
    meaning: 'The key field is not a unique external id, so that a repeated create could make a second record.',
    fix: 'Mark the field as external id and unique in Salesforce.',
  },
  'required-missing': {
    severity: 'blocker',
    subject: 'field',
    meaning: 'The org needs a field for new records that the mapping does not fill.',
    fix: 'Add the field to the mapping, give it a default, or make it optional.',
  },
  'blank-over-filled': {
    severity: 'warning',
    subject: 'pending',
    meaning: 'A blank is proposed over a filled value. It is shown and not sent.',
    fix: 'Fill the value in RDS, or let the mapping clear the field.',
  },
  'malformed-production-id': {
    severity: 'warning',
    subject: 'property',
    meaning: 'A production id has neither 15 nor 18 characters and counts as none.',
    fix: 'Correct sfdc_id in RDS.',
  },
  'malformed-staging-production-id': {
    severity: 'warning',
    subject: 'record',
    meaning: 'A staging record carries a production id with neither 15 nor 18 characters. It counts as none.',
    fix: 'Correct the production id in Salesforce.',
  },
  'key-collision': {
    severity: 'warning',
    subject: 'property',
    meaning: 'Ids differ only in letter case, or an 18-character production id has a suffix that does not belong to it.',
    fix: 'Correct the id in RDS if the two are meant to be one.',
  },
  'two-staging-records': {
    severity: 'warning',
    subject: 'record',
    meaning: 'Two or more live staging records stand for one production id. Each takes the same values.',
    fix: 'Merge the records in Salesforce.',
  },
  'enabled-without-date': {
    severity: 'warning',
    subject: 'property',
    meaning: 'A feature is on and has no date.',
    fix: 'Fill enabled_at in RDS.',
  },
  'date-in-future': {
    severity: 'warning',
    subject: 'property',
    meaning: 'A feature is on with a date in the future.',
    fix: 'Correct enabled_at in RDS.',
  },
  'unknown-status': {
    severity: 'warning',
    subject: 'property',
    meaning: 'A status is neither ACTIVE nor DISABLED. The property counts as not ACTIVE.',
    fix: 'Correct the status in RDS, letter by letter.',
  },
  'orphan-staging-record': {
    severity: 'warning',
    subject: 'record',
    meaning: 'A live staging record has no property in RDS.',
    fix: 'Delete the record in Salesforce, or correct its key.',
  },
  'feature-on-disabled-property': {
    severity: 'warning',
    subject: 'property',
    meaning: 'A property that is not ACTIVE has a feature on. It has no effect on Salesforce.',
    fix: 'Switch the feature off in RDS if it is not in use.',
  },
  'gone-from-org': {
    severity: 'warning',
    subject: 'record',
    meaning: 'The mirror has a staging record that the org no longer has. Its update is left out.',
    fix: 'Refresh the mirror of the staging object in the warehouse, then refresh the snapshot.',
  },
  'looks-alike': {
    severity: 'warning',
    subject: 'pending',
    meaning: 'A proposed text holds invisible characters, bidirectional controls or letters that look like others.',
    fix: 'Correct the text in RDS.',
  },
} as const satisfies Record<string, CheckDefinition>;

export type CheckId = keyof typeof checkCatalog;
export const checkIds = Object.keys(checkCatalog) as CheckId[];

/** Checks whose answer comes from the org's describe; without it they are not checked. */
export const orgCheckIds: readonly CheckId[] = ['picklist-value', 'field-missing', 'field-not-writable', 'field-type', 'key-not-unique', 'required-missing'];
