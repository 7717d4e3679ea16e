import { DomainError, type ErrorCode } from '../domain/domain-error.js';

/** What a process of worker/ says instead of a result. */
export interface Refusal {
  readonly type: 'refused';
  readonly code: ErrorCode;
  readonly message: string;
}

/** Sends a message to the process that has started this one. */
export function sendToParent(message: object): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('volbias starts this process, nobody does so by hand');
    process.send(message, undefined, {}, (error: Error | null) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

/**
 * Does one piece of work that a verb of the command line asks for, tells it of an error of ours, and ends this process. The
 * request is what that verb has sent, as `work` expects it.
 */
export function answerOnce(work: (request: never) => Promise<void>): void {
  // Without the parent, nothing would receive the result: exit at once.
  process.on('disconnect', () => process.exit(1));

  const answer = async (request: unknown): Promise<void> => {
    try {
      await work(request as never); // boundary: only the verb that has started this process sends it
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await sendToParent({ type: 'refused', code: error.code, message: error.message } satisfies Refusal);
    }
    process.removeAllListeners('disconnect');
    process.disconnect();
  };
  process.once('message', (request: unknown) => {
    void answer(request);
  });
}
