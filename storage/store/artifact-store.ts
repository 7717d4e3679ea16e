import { z } from 'zod';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import { digestPattern } from '../../contracts/patterns.js';
import { DomainError } from '../../domain/domain-error.js';
import { parsed } from '../files/parsed.js';
import type { WorkRecord } from './work-records.js';

const digest = z.string().regex(digestPattern, 'expected a SHA-256 in hexadecimal');

export const artifactRef: z.ZodType<ArtifactRef> = z.strictObject({
  step: z.string().regex(/^[a-z]{1,40}$/i, 'expected the name of a step'),
  key: digest,
  digest,
});

const storedBlob = z.strictObject({ digest, size: z.int().nonnegative() });

/** Bytes that are already in the store, by content. */
export type StoredBlob = Readonly<z.infer<typeof storedBlob>>;

/** The result of a step: named files, and a small summary for those who need only that. */
export interface ArtifactContent {
  readonly files: Readonly<Record<string, Uint8Array | StoredBlob>>;
  readonly summary: unknown;
}

/** A plain name, or one in the folder of another artifact or of figures; never a path that leads out of the artifact. */
const fileName = z
  .string()
  .regex(
    /^(([0-9a-f]{64}|figures)\/)?[a-z0-9][a-z0-9._-]{0,99}$/i,
    'expected a file name of letters, digits, dots and hyphens',
  );

export const artifactManifest = z.strictObject({ files: z.record(fileName, storedBlob), summary: z.unknown() });

/**
 * An artifact's manifest. It contains only content, so results with the same bytes have the same digest, and the steps
 * that depend on them share their results.
 */
export type ArtifactManifest = Readonly<z.infer<typeof artifactManifest>>;

/** How a result is recorded under its work's key. */
export interface PutOptions {
  /** It is what the outside world is like now: it counts whatever an earlier look has found. */
  readonly replaces?: boolean;
}

/**
 * Stores immutable artifacts by key and content. Every read checks the SHA-256 of the bytes. Damaged files are
 * quarantined, so that they count as missing and are recomputed.
 */
export interface ArtifactStore {
  /** Undefined if there is no artifact with this key, or if it is incomplete. */
  find(key: string): Promise<ArtifactRef | undefined>;
  /**
   * Stores the content, then records it under the work's key. A crash in between leaves no record. Returns another result of
   * the same work if a machine that shares the store was faster.
   */
  put(work: WorkRecord, content: ArtifactContent, options?: PutOptions): Promise<ArtifactRef>;
  manifest(digest: string): Promise<ArtifactManifest>;
  readFile(manifest: ArtifactManifest, name: string): Promise<Uint8Array>;
  putBlob(bytes: Uint8Array): Promise<StoredBlob>;
  /** STORE_CORRUPT, with what to do, if the bytes are missing or damaged. */
  readBlob(digest: string, remedy?: string): Promise<Uint8Array>;
  /** Puts the record of a result aside that turned out to be unusable, so that it counts as missing and is recomputed. */
  disown(result: Pick<ArtifactRef, 'key' | 'digest'>): Promise<void>;
}

/** The manifest that a store has under a digest, as every home of artifacts reads it. */
export async function manifestIn(store: Pick<ArtifactStore, 'readBlob'>, digest: string): Promise<ArtifactManifest> {
  return parsed(artifactManifest, await store.readBlob(digest), `the manifest ${digest}`);
}

/** A file of an artifact. STORE_CORRUPT if there is none of this name. */
export async function fileIn(
  store: Pick<ArtifactStore, 'readBlob'>,
  manifest: ArtifactManifest,
  name: string,
): Promise<Uint8Array> {
  const file = manifest.files[name];
  if (file === undefined) throw new DomainError('STORE_CORRUPT', `the artifact has no file "${name}"`);
  return store.readBlob(file.digest);
}
