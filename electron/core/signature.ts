import { createPublicKey, hash, verify } from 'node:crypto';

/**
 * True when the signature is that of the text.
 *
 * Shape:  publicKey: base64 of SPKI, DER. signature: base64.
 * Errors: never throws; an unreadable key or signature proves nothing, nor does one that is spelled otherwise than the app does.
 * Source: Ed25519, RFC 8032.
 */
export function isSigned(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    const bytes = Buffer.from(signature, 'base64');
    if (key.asymmetricKeyType !== 'ed25519' || bytes.toString('base64') !== signature) return false;
    return verify(null, Buffer.from(text, 'utf8'), key, bytes);
  } catch {
    // A key or signature that cannot be read proves nothing.
    return false;
  }
}

/** Names a public key: SHA-256 over its bytes, as 64 hexadecimal digits. */
export function fingerprintOf(publicKey: string): string {
  return hash('sha256', Buffer.from(publicKey, 'base64'), 'hex');
}
