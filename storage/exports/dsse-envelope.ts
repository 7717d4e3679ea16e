import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

import { DomainError } from '../../domain/domain-error.js';
import { readOrdinaryFile } from '../files/ordinary-file.js';

const payloadType = 'application/vnd.in-toto+json';

/**
 * The statement in a signed DSSE envelope (Dead Simple Signing Envelope, version 1), as one line of JSON. The key's id is the
 * SHA-256 of the public key (SubjectPublicKeyInfo, DER). FILE_FORMAT_INVALID unless the file has an Ed25519 private key.
 */
export async function signedEnvelope(statement: string, keyFile: string): Promise<string> {
  const key = await privateKey(keyFile);
  const payload = Buffer.from(statement);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const keyid = createHash('sha256').update(publicKey).digest('hex');
  const signature = sign(null, preAuthenticationEncoding(payload), key);
  const signatures = [{ keyid, sig: signature.toString('base64') }];
  return `${JSON.stringify({ payload: payload.toString('base64'), payloadType, signatures })}\n`;
}

/** What is signed: lengths and bytes of type and payload, so that neither can be taken for the other. */
function preAuthenticationEncoding(payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

async function privateKey(path: string): Promise<KeyObject> {
  const pem = await readOrdinaryFile(path);
  const expected =
    'expected an unencrypted Ed25519 private key (PKCS#8, PEM), as "openssl genpkey -algorithm ed25519" makes it';
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Whatever OpenSSL says of it, the message must not quote the file.
  }
  throw new DomainError('FILE_FORMAT_INVALID', `${path}: ${expected}`);
}
