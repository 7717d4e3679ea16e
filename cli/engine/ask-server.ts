import {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  isRetryableError,
  NamespaceNotFoundError,
  type Client,
} from '@temporalio/client';

const secondsToAnswer = 5;

/**
 * Calls Temporal's server. Returns undefined if it does not answer, for instance while it restarts. Each call has a
 * deadline, so that no call delays closing the connection.
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
  // A server with a new database registers it shortly after it has begun to answer.
  if (error instanceof NamespaceNotFoundError) return true;
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  if (isGrpcDeadlineError(error) || isGrpcDeadlineError(cause) || isGrpcCancelledError(cause)) return true;
  return isGrpcServiceError(cause) && isRetryableError(cause);
}
