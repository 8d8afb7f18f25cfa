/** One entry of Salesforce's error body. */
export interface ApiError {
  message: string;
  errorCode: string;
  fields?: readonly string[];
}

/** Why one record of a write was refused, as Salesforce words it inside a collections reply. */
export interface RecordError {
  statusCode: string;
  message: string;
  fields: readonly string[];
}

/** A call that the org refuses as a whole, with the HTTP status and error body it answers. */
export class OrgRefusal extends Error {
  readonly status: number;
  readonly errors: readonly ApiError[];

  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message);
    this.status = status;
    this.errors = [{ message, errorCode, ...(fields ? { fields } : {}) }];
  }
}

/** The refusal of a resource that does not exist. */
export function notFound(message = 'The requested resource does not exist'): OrgRefusal {
  return new OrgRefusal(404, 'NOT_FOUND', message);
}
