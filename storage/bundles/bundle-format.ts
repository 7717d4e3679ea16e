import { z } from 'zod';

import { digestPattern, sweepIdPattern } from '../../contracts/patterns.js';
import { DomainError } from '../../domain/domain-error.js';

/** The first entry of a bundle. */
export const headerName = 'bundle.json';

/** The log of the data folder that it is from. */
export const logName = 'lineage.jsonl';

/** The files of a sweep's folder that a bundle has; its report is in the store. */
export const sweepFiles = ['sweep.json', 'result.json'] as const;

const count = z.int().nonnegative();

/** What a bundle says of itself, which its reader holds it to. */
export const bundleHeader = z.strictObject({
  version: z.literal(1),
  sweep: z.string().regex(sweepIdPattern, 'expected the id of a sweep'),
  /** The SHA-256 of the log's last line. */
  head: z.string().regex(digestPattern, 'expected a SHA-256 in hexadecimal'),
  /** Entries after this one, and their bytes. */
  entries: count,
  bytes: count,
});

export type BundleHeader = Readonly<z.infer<typeof bundleHeader>>;

/** The header's own size, with what tar adds to it. */
export const mostHeaderBytes = 1 << 16;

/**
 * The place of an entry in a bundle, by its name, in the order of text; undefined for any other name, such as a path that
 * leads elsewhere. As entries come in order, none comes twice.
 */
export function placeInBundle(name: string, { sweep }: BundleHeader): string | undefined {
  if (name === logName) return '0';
  const file = sweepFiles.findIndex((own) => name === `sweeps/${sweep}/${own}`);
  if (file >= 0) return `1 ${file}`;
  return /^objects\/[0-9a-f]{64}$/.test(name) ? `2 ${name}` : undefined;
}

/** A bundle that cannot be used. */
export function invalidBundle(path: string, reason: string): DomainError {
  const advice = 'Nothing of it was imported. Copy or export it again';
  return new DomainError('FILE_FORMAT_INVALID', `${path}: ${reason}. ${advice}`, { path });
}
