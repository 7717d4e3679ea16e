import { digestOfJson } from '../../plan/key.js';
import { isPseudonym } from './pseudonyms.js';
import type { ExportedCase, ExportedSource, ExportedSweep, ExportedUnit } from './exported-sweep.js';

/** Stands for the times that logs of version 0.1 do not have, where a format demands one. */
export const unknownTime = '1970-01-01T00:00:00.000Z';

/** The name of a unit, or of the preparation of one case. */
export function nameOf({ unit, case: own }: { readonly unit: string; readonly case?: ExportedCase }): string {
  return own === undefined ? unit : `preprocess case ${own.dataSet}/${own.id}`;
}

/** The name of a data set's file. */
export function nameOfSource({ case: { dataSet, id }, role }: ExportedSource): string {
  return `${dataSet}/${id}/${role}`;
}

/** 32 hexadecimal digits that no other work has, the same in every export. */
export function workId(unit: Pick<ExportedUnit, 'unit' | 'case' | 'key' | 'sha256'>): string {
  return shortDigest({ name: nameOf(unit), key: unit.key, sha256: unit.sha256 });
}

/** 32 hexadecimal digits for the sweep itself. */
export function sweepRunId({ id, specification }: ExportedSweep): string {
  return shortDigest({ id, specification });
}

export function shortDigest(value: unknown): string {
  return digestOfJson(value).slice(0, 32);
}

/** A UUID of version 8, whose digits are free, from 32 hexadecimal ones. */
export function uuidOf(digits: string): string {
  const variant = ((Number.parseInt(digits.charAt(16), 16) % 4) + 8).toString(16);
  const free = `${digits.slice(0, 12)}8${digits.slice(13, 16)}${variant}${digits.slice(17)}`;
  return free.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Where pseudonyms of digests are names. */
export const pseudonymUri = 'urn:volbias:hmac-sha256:';

/** The URI of some bytes, by their SHA-256 or its pseudonym. */
export function contentUri(digest: string): string {
  return isPseudonym(digest) ? `${pseudonymUri}${digest}` : `hash://sha256/${digest}`;
}

/** The version of volbias that wrote the report. */
export function versionOf({ software }: Pick<ExportedSweep, 'software'>): string {
  return software?.version ?? '0.1.0';
}

/** The URI of this version. */
export function softwareUri(sweep: Pick<ExportedSweep, 'software'>): string {
  return `urn:volbias:${versionOf(sweep)}`;
}
