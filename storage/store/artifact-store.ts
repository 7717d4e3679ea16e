import { z } from 'zod';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { WorkRecord } from './work-records.js';

/** A SHA-256 in hexadecimal. */
export const digestPattern = /^[0-9a-f]{64}$/;

export const artifactRef: z.ZodType<ArtifactRef> = z.strictObject({
  step: z.string(),
  key: z.string(),
  digest: z.string().regex(digestPattern),
});

const storedBlob = z.strictObject({ digest: z.string(), size: z.int().nonnegative() });

/** Bytes that are already in the store, by content. */
export type StoredBlob = Readonly<z.infer<typeof storedBlob>>;

/** The result of a step: named files, and a small summary for those who need only that. */
export interface ArtifactContent {
  readonly files: Readonly<Record<string, Uint8Array | StoredBlob>>;
  readonly summary: unknown;
}

export const artifactManifest = z.strictObject({ files: z.record(z.string(), storedBlob), summary: z.unknown() });

/**
 * An artifact's manifest. It contains only content, so results with the same bytes have the same digest, and the steps
 * that depend on them share their results.
 */
export type ArtifactManifest = Readonly<z.infer<typeof artifactManifest>>;

/**
 * Stores immutable artifacts by key and content. Every read checks the SHA-256 of the bytes. Damaged files are
 * quarantined, so that they count as missing and are recomputed.
 */
export interface ArtifactStore {
  /** Undefined if there is no artifact with this key, or if it is incomplete. */
  find(key: string): Promise<ArtifactRef | undefined>;
  /** Stores the content, then records it under the work's key. A crash in between leaves no record. */
  put(work: WorkRecord, content: ArtifactContent): Promise<ArtifactRef>;
  manifest(digest: string): Promise<ArtifactManifest>;
  readFile(manifest: ArtifactManifest, name: string): Promise<Uint8Array>;
  putBlob(bytes: Uint8Array): Promise<StoredBlob>;
  readBlob(digest: string): Promise<Uint8Array>;
}
