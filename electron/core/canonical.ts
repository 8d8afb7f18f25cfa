import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * Canonical JSON of a value.
 *
 * Errors: throws on NaN, Infinity, lone surrogates and other values that JSON cannot carry.
 * Source: RFC 8785 (JSON Canonicalization Scheme).
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no canonical JSON.');
  return text;
}

/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
