import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import canonicalizeModule from 'canonicalize';

import type { UnitGap } from '../../contracts/sweep.js';
import type { UnitCoordinates } from './units.js';

// The package's types describe its ES module, but Node loads the CommonJS export itself.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/** Canonical JSON (RFC 8785): equal values give equal text, regardless of key order. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('the value has no JSON representation');
  return text;
}

/** SHA-256 of the canonical JSON, in hexadecimal. */
export function digestOfJson(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));
}

export interface WorkIdentity {
  readonly step: string;
  readonly version: number;
  /** Digest of all settings that the step reads. */
  readonly parameters: string;
  readonly coordinates: UnitCoordinates;
  /** Digest of each input, by the input's place. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Missing inputs, and why they are missing. */
  readonly gaps?: readonly UnitGap[];
}

/**
 * A step's key identifies its work, so that identical work runs only once. Data sets are identified by their inputs,
 * not by name.
 */
export function keyOfWork({ step, version, parameters, coordinates, inputs, gaps = [] }: WorkIdentity): string {
  const place = { ...coordinates, dataSet: undefined };
  return digestOfJson({ step, version, parameters, place, inputs, ...(gaps.length > 0 && { gaps }) });
}
