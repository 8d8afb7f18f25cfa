import { createPublicKey, verify } from 'node:crypto';
import { canonicalJson } from '../canonical.ts';

/** The head of a chain at one moment. */
export interface Checkpoint {
  seq: number;
  head: string;
  at: string;
}

/** What is signed of a checkpoint; the ledger's lineage is part of it. */
export function checkpointText(lineage: string, { seq, head, at }: Checkpoint): Buffer {
  return Buffer.from(canonicalJson({ lineage, seq, head, at }), 'utf8');
}

/**
 * True when the signature is that of this checkpoint.
 *
 * Shape:  publicKey: base64 of SPKI, DER.
 * Errors: never throws; an unreadable key or signature is not valid.
 * Source: Ed25519, RFC 8032.
 */
export function isCheckpointSigned(publicKey: string, lineage: string, checkpoint: Checkpoint, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, checkpointText(lineage, checkpoint), key, Buffer.from(signature, 'base64'));
  } catch {
    // A key or signature that cannot be read proves nothing.
    return false;
  }
}
