/** What the key of a piece of work is computed from. */
export interface DescribedWork {
  readonly unit: string;
  readonly step: string;
  readonly version: number;
  readonly parameters: unknown;
  /** The digest of each input; null if it is not known before the input is computed. */
  readonly inputs: readonly { readonly unit: string; readonly digest: string | null }[];
  /** Units without results. */
  readonly gaps?: readonly { readonly unit: string }[];
}

/** A unit of a planned sweep, as far as it is known before the sweep runs. */
export interface PlannedWork extends DescribedWork {
  /** null while an input is not known. */
  readonly key: string | null;
  /** Of its result; null if it is yet to be computed. */
  readonly digest: string | null;
  readonly cached: boolean;
}

/** A piece of work that was done, with the digest of its result. */
export interface DoneWork extends DescribedWork {
  readonly key: string;
  readonly digest: string;
  readonly inputs: readonly { readonly unit: string; readonly digest: string }[];
  readonly sweep?: string;
  /** When its result was recorded; null in records of version 1. */
  readonly at: string | null;
}
