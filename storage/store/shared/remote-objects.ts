/** An object as it was read; `version` changes with every write of it. */
export interface RemoteContent {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/** A name that is taken, and the size of what is there in bytes. */
export interface RemoteEntry {
  readonly name: string;
  readonly size: number;
}

/**
 * Objects that several machines share, by name, such as those of an S3 bucket. Every call is atomic, and a write is seen by
 * every read that begins after it. Throws CONFIG_INVALID if the place is not there or access to it is refused, and
 * STORE_UNREACHABLE if it does not answer, which may pass.
 */
export interface RemoteObjects {
  /** What the user calls the place, such as s3://bucket/prefix. */
  readonly address: string;
  get(name: string): Promise<RemoteContent | undefined>;
  /** The size in bytes; undefined if there is no such object. */
  size(name: string): Promise<number | undefined>;
  /** Writes the object, replacing what is there. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Writes the object only if what is there has this version; `undefined`: only if nothing is there. Whether it did. Of
   * several who ask at once, one succeeds.
   */
  putIf(version: string | undefined, name: string, bytes: Uint8Array): Promise<boolean>;
  /** All names that begin like this, sorted. */
  list(prefix: string): Promise<readonly RemoteEntry[]>;
  /** Nothing happens if it is not there. */
  remove(name: string): Promise<void>;
  /** Moves a damaged object below quarantine/, and returns its name there. Nothing happens if it is gone. */
  setAside(name: string): Promise<string>;
}
