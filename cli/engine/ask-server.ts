import {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  isRetryableError,
  type Client,
} from '@temporalio/client';

const secondsToAnswer = 5;

/**
 * Calls the Temporal server. Undefined if it does not answer at the moment, for example because it is restarting. Each
 * call has a deadline, so that no pending call delays closing the connection for long.
 */
export async function askServer<T>(client: Client, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await client.withDeadline(Date.now() + secondsToAnswer * 1000, call);
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw error;
  }
}

function isPassing(error: unknown): boolean {
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  if (isGrpcDeadlineError(error) || isGrpcDeadlineError(cause) || isGrpcCancelledError(cause)) return true;
  return isGrpcServiceError(cause) && isRetryableError(cause);
}
