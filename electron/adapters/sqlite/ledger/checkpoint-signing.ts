import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { canonicalJson } from '../../../core/canonical.ts';

export interface Checkpoint {
  seq: number;
  head: string;
  at: string;
}

/**
 * Makes the key pair of a new ledger.
 *
 * Shape:  both keys in base64 (SPKI and PKCS 8, DER). The private key is kept in the ledger itself for now: it proves that
 *         a checkpoint was written by the app, not that its owner could not have re-written it. Copies of the head
 *         outside this machine prove that.
 * Source: Ed25519, RFC 8032.
 */
export function generateSigningKeys(): { publicKey: string; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  };
}

/** Signs a checkpoint; the signature covers the ledger's lineage too. */
export function signCheckpoint(privateKey: string, lineage: string, checkpoint: Checkpoint): string {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  return sign(null, signedText(lineage, checkpoint), key).toString('base64');
}

/** True when the signature is that of this checkpoint. Errors: never throws; an unreadable key or signature is not valid. */
export function isCheckpointSigned(publicKey: string, lineage: string, checkpoint: Checkpoint, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, signedText(lineage, checkpoint), key, Buffer.from(signature, 'base64'));
  } catch {
    // A key or signature that cannot be read proves nothing.
    return false;
  }
}

function signedText(lineage: string, { seq, head, at }: Checkpoint): Buffer {
  return Buffer.from(canonicalJson({ lineage, seq, head, at }), 'utf8');
}
