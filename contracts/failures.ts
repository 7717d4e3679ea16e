/** The kinds of failure, and whether a retry, here or on another worker, can help. */
export const failureKinds = {
  ConfigInvalid: { retryable: false },
  DataInvalid: { retryable: false },
  Diverged: { retryable: false },
  CheckpointCorrupt: { retryable: false },
  /** Not retried by the engine: the sweep recomputes the lost results, then the unit that needed them. */
  StoreCorrupt: { retryable: false },
  ChildFailed: { retryable: true },
  /** The kernel, V8 or TensorFlow had no memory left. */
  OutOfMemory: { retryable: true },
  /** It made no progress for much longer than before, and was killed. */
  Stalled: { retryable: true },
  /** A signal ended its process. */
  Killed: { retryable: true },
  /** Not counted as a failure: the unit waits for room on the disk. */
  DiskFull: { retryable: true },
  /** Not counted either: the unit waits until the store that machines share answers. */
  StoreUnreachable: { retryable: true },
  /** The worker was told to stop; the next worker continues the work. */
  Interrupted: { retryable: true },
  /** No sweep was waiting for the shared unit any more, so it was stopped. */
  Abandoned: { retryable: false },
  /** Somebody has told the sweep to do without it. */
  Cancelled: { retryable: false },
  /** The unit has failed as many times as its step's declaration allows. */
  GivenUp: { retryable: false },
  Unexpected: { retryable: true },
} as const;

export type FailureKind = keyof typeof failureKinds;
