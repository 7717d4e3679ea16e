import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import canonicalizeModule from 'canonicalize';

import type { UnitGap } from '../../contracts/sweep.js';
import type { UnitCoordinates } from './units.js';

// The package's types describe its ES module, but Node hands over the CommonJS export itself.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/** Canonical JSON (RFC 8785): one text for one value, whatever the order of its keys. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('this value has no JSON form');
  return text;
}

/** SHA-256 of canonical JSON, in hexadecimal. */
export function digestOfJson(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));
}

export interface WorkIdentity {
  readonly step: string;
  readonly version: number;
  /** Digest of all settings that the step reads. */
  readonly parameters: string;
  readonly coordinates: UnitCoordinates;
  /** Each input's digest by the place it takes. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What it has to do without, and why. */
  readonly gaps?: readonly UnitGap[];
}

/** A step's key: what identifies its work, so that equal work is done once. A data set is known by its input alone. */
export function keyOfWork({ step, version, parameters, coordinates, inputs, gaps = [] }: WorkIdentity): string {
  const place = { ...coordinates, dataSet: undefined };
  return digestOfJson({ step, version, parameters, place, inputs, ...(gaps.length > 0 && { gaps }) });
}
