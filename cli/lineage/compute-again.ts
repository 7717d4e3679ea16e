import type { StepResult } from '../../contracts/activities.js';
import { DomainError } from '../../domain/domain-error.js';
import type { ChildMessage, ChildRequest } from '../../worker/compute-messages.js';
import { runChild } from '../child/run-child.js';

/** Does one unit's work in a process of its own, without the engine. Throws its DomainError, or CHILD_FAILED. */
export async function computeAgain(request: ChildRequest): Promise<StepResult> {
  let result: StepResult | undefined;
  await runChild<ChildMessage>('compute-child', {
    purpose: () => 'its process',
    numerics: request.job.numerics,
    request,
    outcomeOf: (message, child) => {
      if (message.type === 'refused') return new DomainError(message.code, message.message);
      if (message.type !== 'result') return undefined;
      ({ result } = message);
      // After a success it would wait for another job.
      child.kill('SIGTERM');
      return 'done';
    },
  });
  if (result === undefined) throw new DomainError('CHILD_FAILED', 'its process sent no result');
  return result;
}
