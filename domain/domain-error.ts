/** Stable codes of every reason to reject input or stop. */
export type ErrorCode =
  | 'ARGUMENT_INVALID'
  | 'CONFIG_INVALID'
  | 'FILE_UNREADABLE'
  | 'FILE_FORMAT_INVALID'
  | 'FILE_TOO_LARGE'
  | 'IMAGE_SHAPE_MISMATCH'
  | 'IMAGE_GEOMETRY_MISMATCH'
  | 'IMAGE_VALUES_INVALID'
  | 'LABEL_INVALID'
  | 'DATA_SET_INVALID'
  | 'SPLIT_INVALID'
  | 'TRAINING_DIVERGED'
  | 'CHECKPOINT_CORRUPT'
  | 'STORE_CORRUPT'
  | 'CHILD_FAILED'
  | 'OUT_OF_MEMORY'
  | 'STALLED'
  | 'KILLED'
  | 'DISK_FULL'
  | 'STORE_UNREACHABLE'
  | 'GIVEN_UP'
  | 'SERVER_UNREACHABLE'
  | 'SWEEP_ENDED';

/**
 * An error with a stable code. The message is one sentence that states what was found, what was expected and, if there
 * is one, the file, case or argument. `details` repeats these facts in machine-readable form.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
