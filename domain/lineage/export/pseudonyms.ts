import { hmac } from '@noble/hashes/hmac';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

import { canonicalJson } from '../../plan/key.js';

/** Digits of a pseudonym: 64 bits, with which even a million cases hardly ever have the same. */
const digits = 16;

/** Names that stand for a data set's cases and participants. Only who has the key can tell whom they stand for. */
export interface Pseudonyms {
  readonly ofCase: (dataSet: string, id: string) => string;
  readonly ofParticipant: (dataSet: string, id: string) => string;
  /**
   * Of a SHA-256. Digests of what lists ids would confirm a guess of them: whoever knows the cases of a small data set
   * could try their orders.
   */
  readonly ofDigest: (sha256: string) => string;
}

const beginOfDigest = 'hmac-';

/** Whether it stands for a SHA-256, and is none. */
export function isPseudonym(digest: string): boolean {
  return digest.startsWith(beginOfDigest);
}

/** HMAC-SHA-256 by a secret key: the same name has the same pseudonym, and another one in another data set. */
export function pseudonymsBy(key: Uint8Array): Pseudonyms {
  const pseudonym = (kind: string, dataSet: string, id: string): string => {
    const message = utf8ToBytes(canonicalJson([kind, dataSet, id]));
    return `${kind}-${bytesToHex(hmac(sha256, key, message)).slice(0, digits)}`;
  };
  const digest = (sha256OfBytes: string): string =>
    bytesToHex(hmac(sha256, key, utf8ToBytes(canonicalJson(['digest', sha256OfBytes]))));
  return {
    ofDigest: (sha256OfBytes) => `${beginOfDigest}${digest(sha256OfBytes)}`,
    ofCase: (dataSet, id) => pseudonym('case', dataSet, id),
    ofParticipant: (dataSet, id) => pseudonym('participant', dataSet, id),
  };
}
