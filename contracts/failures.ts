/** What a failure means to the engine: whether trying again, here or elsewhere, can help. */
export const failureKinds = {
  ConfigInvalid: { retryable: false },
  DataInvalid: { retryable: false },
  Diverged: { retryable: false },
  CheckpointCorrupt: { retryable: false },
  StoreCorrupt: { retryable: false },
  ChildFailed: { retryable: true },
  /** The worker was asked to stop: the work goes on with the next worker. */
  Interrupted: { retryable: true },
  /** Failed as often as the pipeline's table allows. */
  GivenUp: { retryable: false },
  Unexpected: { retryable: true },
} as const;

export type FailureKind = keyof typeof failureKinds;
