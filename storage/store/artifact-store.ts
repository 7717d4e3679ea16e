import type { ArtifactRef } from '../../contracts/artifacts.js';
import type { StepName } from '../../contracts/pipeline.js';

/** What a step made: named files, and a small summary for those who need no more than that. */
export interface ArtifactContent {
  readonly files: Readonly<Record<string, Uint8Array | StoredBlob>>;
  readonly summary: unknown;
}

/** Bytes that the store has already, by content. */
export interface StoredBlob {
  readonly digest: string;
  readonly size: number;
}

/**
 * An artifact's manifest. It holds nothing but content, so two works that made the same bytes have the same digest and
 * what follows them is shared.
 */
export interface ArtifactManifest {
  readonly files: Readonly<Record<string, StoredBlob>>;
  readonly summary: unknown;
}

/** Facts of one work, for the lineage log. */
export interface WorkRecord {
  readonly step: StepName;
  readonly key: string;
  readonly unit: string;
  readonly version: number;
  readonly parameters: unknown;
  readonly inputs: readonly { readonly unit: string; readonly digest: string }[];
  readonly environment: unknown;
  /** What the work took, for those who plan machines; a fact of this one time and of no digest. */
  readonly resources?: WorkResources;
}

export interface WorkResources {
  /** The largest resident memory of the process that computed. */
  readonly peakMemoryBytes: number;
}

/** Keeps immutable artifacts by key and content. Every read checks the SHA-256 of what it returns. */
export interface ArtifactStore {
  find(key: string): Promise<ArtifactRef | undefined>;
  /** Stores content and then records it under the work's key; a crash in between leaves no record. */
  put(work: WorkRecord, content: ArtifactContent): Promise<ArtifactRef>;
  manifest(digest: string): Promise<ArtifactManifest>;
  readFile(manifest: ArtifactManifest, name: string): Promise<Uint8Array>;
  putBlob(bytes: Uint8Array): Promise<StoredBlob>;
  readBlob(digest: string): Promise<Uint8Array>;
}
