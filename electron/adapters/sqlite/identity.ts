/** A record as the digest of a decision names it. */
export function identityOf(kind: string, key: string): string {
  return `${kind}\0${key}\n`;
}
