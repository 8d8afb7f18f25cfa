export type OrgFieldType = 'id' | 'string' | 'boolean' | 'datetime' | 'reference' | 'picklist' | 'double';

export interface OrgField {
  name: string;
  label: string;
  type: OrgFieldType;
  /** Characters a text may have. */
  length?: number;
  /** A record cannot be saved without it. */
  required?: boolean;
  externalId?: boolean;
  unique?: boolean;
  caseSensitive?: boolean;
  createable?: boolean;
  updateable?: boolean;
  /** The only values a restricted picklist accepts. */
  picklistValues?: readonly string[];
  referenceTo?: string;
  /** False hides the field from the running user, as field-level security does. */
  visible?: boolean;
}

export interface OrgObject {
  name: string;
  label: string;
  labelPlural: string;
  keyPrefix: string;
  custom: boolean;
  writable: boolean;
  fields: readonly OrgField[];
}

const readOnly = { createable: false, updateable: false } as const;

const features = [
  ['Identity_Verification', 'Identity Verification'],
  ['Bank_Linking', 'Bank Linking'],
  ['Payroll_Linking', 'Payroll Linking'],
  ['Income_Verification', 'Income Verification'],
  ['Fraud_Detection', 'Fraud Detection'],
] as const;

const systemFields: readonly OrgField[] = [
  { name: 'Id', label: 'Record ID', type: 'id', length: 18, ...readOnly },
  { name: 'OwnerId', label: 'Owner ID', type: 'reference', length: 18, referenceTo: 'User', ...readOnly },
  { name: 'IsDeleted', label: 'Deleted', type: 'boolean', ...readOnly },
  { name: 'CreatedDate', label: 'Created Date', type: 'datetime', ...readOnly },
  { name: 'CreatedById', label: 'Created By ID', type: 'reference', length: 18, referenceTo: 'User', ...readOnly },
  { name: 'LastModifiedDate', label: 'Last Modified Date', type: 'datetime', ...readOnly },
  { name: 'LastModifiedById', label: 'Last Modified By ID', type: 'reference', length: 18, referenceTo: 'User', ...readOnly },
  { name: 'SystemModstamp', label: 'System Modstamp', type: 'datetime', ...readOnly },
];

const text = (name: string, label: string, length: number, more: Partial<OrgField> = {}): OrgField => ({
  name,
  label,
  type: 'string',
  length,
  ...more,
});

const propertyFields: readonly OrgField[] = [
  ...systemFields,
  text('Name', 'Property Name', 80, { required: true }),
  text('Snappt_Property_ID__c', 'Snappt Property ID', 64, { externalId: true, unique: true, caseSensitive: true }),
  text('SF_Property_ID__c', 'SF Property ID', 18, { externalId: true }),
  text('Address__c', 'Address', 255),
  text('City__c', 'City', 255),
  text('State__c', 'State', 255),
  text('Zip__c', 'Zip', 255),
  text('Company_ID__c', 'Company ID', 255),
  text('Company_Name__c', 'Company Name', 255),
  ...features.flatMap(([name, label]): OrgField[] => [
    { name: `${name}_Enabled__c`, label: `${label} Enabled`, type: 'boolean' },
    { name: `${name}_Enabled_At__c`, label: `${label} Enabled At`, type: 'datetime' },
  ]),
];

/** The name of the object that holds the staging records. */
export const stagingObjectName = 'Product_Property__c';

/** The external id field of the staging object. */
export const stagingKeyField = 'Snappt_Property_ID__c';

/** The staging field that the org's own workflow fills. */
export const productionIdField = 'SF_Property_ID__c';

/**
 * The objects of the simulated org, with the given fields added to the staging object or put in place of its own.
 *
 * Shape: a given field replaces the staging field of the same name; any other is added at the end.
 */
export function buildSchema(fields: readonly OrgField[] = []): readonly OrgObject[] {
  const replaced = propertyFields.map((field) => fields.find((given) => given.name === field.name) ?? field);
  const added = fields.filter((given) => !propertyFields.some((field) => field.name === given.name));
  return [
    {
      name: stagingObjectName,
      label: 'Product Property',
      labelPlural: 'Product Properties',
      keyPrefix: 'a0P',
      custom: true,
      writable: true,
      fields: [...replaced, ...added],
    },
    {
      name: 'User',
      label: 'User',
      labelPlural: 'Users',
      keyPrefix: '005',
      custom: false,
      writable: false,
      fields: [
        ...systemFields,
        text('Username', 'Username', 80, readOnly),
        text('Name', 'Full Name', 121, readOnly),
        text('Email', 'Email', 128, readOnly),
        text('ProfileId', 'Profile ID', 18, readOnly),
        { name: 'IsActive', label: 'Active', type: 'boolean', ...readOnly },
      ],
    },
    {
      name: 'Organization',
      label: 'Organization',
      labelPlural: 'Organizations',
      keyPrefix: '00D',
      custom: false,
      writable: false,
      fields: [
        ...systemFields,
        text('Name', 'Name', 80, readOnly),
        { name: 'IsSandbox', label: 'Is Sandbox', type: 'boolean', ...readOnly },
        text('OrganizationType', 'Edition', 40, readOnly),
        text('InstanceName', 'Instance Name', 5, readOnly),
        text('NamespacePrefix', 'Namespace Prefix', 15, readOnly),
        { name: 'TrialExpirationDate', label: 'Trial Expiration Date', type: 'datetime', ...readOnly },
      ],
    },
    {
      name: 'ScratchOrgInfo',
      label: 'Scratch Org Info',
      labelPlural: 'Scratch Org Infos',
      keyPrefix: '2SR',
      custom: false,
      writable: false,
      fields: [
        ...systemFields,
        text('Name', 'Name', 80, readOnly),
        text('ScratchOrg', 'Scratch Org', 18, readOnly),
        text('SignupUsername', 'Signup Username', 80, readOnly),
        text('Status', 'Status', 40, readOnly),
      ],
    },
  ];
}

/** Finds an object by its API name, in any letter case, as Salesforce does. */
export function findObject(schema: readonly OrgObject[], name: string): OrgObject | undefined {
  return schema.find((object) => object.name.toLowerCase() === name.toLowerCase());
}

/** Finds a field the running user may see by its API name, in any letter case. */
export function findField(object: OrgObject, name: string): OrgField | undefined {
  const wanted = name.toLowerCase();
  return object.fields.find((field) => field.visible !== false && field.name.toLowerCase() === wanted);
}
