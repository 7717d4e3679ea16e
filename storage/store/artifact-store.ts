import { z } from 'zod';

import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { WorkRecord } from './work-records.js';

const storedBlob = z.strictObject({ digest: z.string(), size: z.int().nonnegative() });

/** Bytes that the store has already, by content. */
export type StoredBlob = Readonly<z.infer<typeof storedBlob>>;

/** What a step made: named files, and a small summary for those who need no more than that. */
export interface ArtifactContent {
  readonly files: Readonly<Record<string, Uint8Array | StoredBlob>>;
  readonly summary: unknown;
}

export const artifactManifest = z.strictObject({ files: z.record(z.string(), storedBlob), summary: z.unknown() });

/**
 * An artifact's manifest. It holds nothing but content, so two works that made the same bytes have the same digest and
 * what follows them is shared.
 */
export type ArtifactManifest = Readonly<z.infer<typeof artifactManifest>>;

/**
 * Keeps immutable artifacts by key and content. Every read checks the SHA-256 of what it returns; what does not match is
 * put aside, so that it counts as missing and is made again.
 */
export interface ArtifactStore {
  /** Undefined where there is no artifact of this key, or not all of it. */
  find(key: string): Promise<ArtifactRef | undefined>;
  /** Stores content and then records it under the work's key; a crash in between leaves no record. */
  put(work: WorkRecord, content: ArtifactContent): Promise<ArtifactRef>;
  manifest(digest: string): Promise<ArtifactManifest>;
  readFile(manifest: ArtifactManifest, name: string): Promise<Uint8Array>;
  putBlob(bytes: Uint8Array): Promise<StoredBlob>;
  readBlob(digest: string): Promise<Uint8Array>;
}
