import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { checkpointText, type Checkpoint } from '../../../core/audit/checkpoint.ts';

/**
 * Makes the key pair of a new ledger.
 *
 * Shape:  both keys in base64 (SPKI and PKCS 8, DER). The private key is kept in the ledger itself: it proves that a
 *         checkpoint was written by the app, not that its owner could not have re-written it. The copies of the head in the
 *         warehouse prove that.
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
  return signText(privateKey, checkpointText(lineage, checkpoint));
}

/** Signs a text in UTF-8; the signature is base64. */
export function signText(privateKey: string, text: string): string {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  return sign(null, Buffer.from(text, 'utf8'), key).toString('base64');
}
