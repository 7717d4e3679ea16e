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
}

/** HMAC-SHA-256 by a secret key: the same name has the same pseudonym, and another one in another data set. */
export function pseudonymsBy(key: Uint8Array): Pseudonyms {
  const pseudonym = (kind: string, dataSet: string, id: string): string => {
    const message = utf8ToBytes(canonicalJson([kind, dataSet, id]));
    return `${kind}-${bytesToHex(hmac(sha256, key, message)).slice(0, digits)}`;
  };
  return {
    ofCase: (dataSet, id) => pseudonym('case', dataSet, id),
    ofParticipant: (dataSet, id) => pseudonym('participant', dataSet, id),
  };
}
