/** What a failure means to the engine: whether trying again, here or elsewhere, can help. */
export const failureKinds = {
  ConfigInvalid: { retryable: false },
  DataInvalid: { retryable: false },
  Diverged: { retryable: false },
  CheckpointCorrupt: { retryable: false },
  /** The sweep makes the lost results again, then the unit that missed them. */
  StoreCorrupt: { retryable: false },
  ChildFailed: { retryable: true },
  /** The worker was asked to stop: the work goes on with the next worker. */
  Interrupted: { retryable: true },
  /** Nobody waited for a shared unit any more, so it was stopped. */
  Abandoned: { retryable: false },
  /** Failed as often as the step's declaration allows. */
  GivenUp: { retryable: false },
  Unexpected: { retryable: true },
} as const;

export type FailureKind = keyof typeof failureKinds;
