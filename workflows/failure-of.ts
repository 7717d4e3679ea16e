import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, TimeoutFailure } from '@temporalio/workflow';

import type { UnitFailure } from '../contracts/sweep.js';

/** Why a unit failed, as one of `failureKinds`. The message comes from the activity and names no case. */
export function failureOf(unit: string, error: unknown): UnitFailure {
  let cause = error;
  while ((cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) && cause.cause !== undefined) {
    cause = cause.cause;
  }
  if (cause instanceof ApplicationFailure) {
    const [reason] = cause.details ?? [];
    const kind = cause.type ?? 'Unexpected';
    return { unit, kind, message: cause.message, ...(typeof reason === 'string' && { reason }) };
  }
  if (cause instanceof TimeoutFailure) return { unit, kind: 'Unexpected', message: 'its worker was lost, every time' };
  return { unit, kind: 'Unexpected', message: cause instanceof Error ? cause.message : String(cause) };
}
